"""Scripts that complete the command ``plait`` in a shell."""

from __future__ import annotations

import argparse

_BASH = """_plait() {{
  local words="${{COMP_WORDS[*]:1:COMP_CWORD-1}}" choices=""
  case "$words" in
{cases}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "${{COMP_WORDS[COMP_CWORD]}}"))
  if [[ "$words" == run* && ${{#COMPREPLY[@]}} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}")); fi
}}
complete -F _plait plait"""


def _choices(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> dict[tuple[str, ...], list[str]]:
    """What may follow the words of the command line, by those words."""
    follow = [option for action in parser._actions if action.help != argparse.SUPPRESS for option in action.option_strings if option.startswith("--")]
    table = {words: follow}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            follow[:0] = action.choices
            for name, command in action.choices.items():
                table.update(_choices(command, (*words, name)))
        elif action.choices:
            follow[:0] = map(str, action.choices)
    return table


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The script for ``bash``, ``zsh`` or ``fish``."""
    table = _choices(parser)
    if shell == "fish":
        return "\n".join(_fish_line(words, follow) for words, follow in table.items())
    cases = "\n".join(f'    "{" ".join(words)}") choices="{" ".join(follow)}" ;;' for words, follow in table.items())
    bash = _BASH.format(cases=cases)
    return bash if shell == "bash" else f"autoload -U +X bashcompinit && bashcompinit\n{bash}"


def _fish_line(words: tuple[str, ...], follow: list[str]) -> str:
    condition = f"__fish_seen_subcommand_from {words[-1]}" if words else "__fish_use_subcommand"
    keep_files = "" if words == ("run",) else " -f"
    return f"complete -c plait{keep_files} -n '{condition}' -a '{' '.join(follow)}'"
