"""What keys of graphs are called: the words of a name without its token, and names of fused tasks."""

from __future__ import annotations

from typing import Any

from . import _plait

_HEX_DIGITS = set("0123456789abcdef")


def prefix_of(name: str) -> str:
    """The words of a name before its token or number."""
    words = name.split("-")
    kept = [words[0].lstrip("'(\"") or words[0]]
    for word in words[1:]:
        if not word.isalpha() or (len(word) in (8, 32) and set(word) <= _HEX_DIGITS):
            break
        kept.append(word)
    return "-".join(kept)


def derived_name(name: str, *made_with: Any) -> str:
    """A name with the same words as another, for what was made of that with something else."""
    return f"{prefix_of(name)}-{_plait.tokenize((name, *made_with))}"


def default_fused_linear_keys_renamer(keys: list) -> Any:
    """The key of a fused chain, of those in it from the last to the first: their kinds before the name of the last of these."""
    names = [_kind(key) for key in keys[:0:-1]]
    return _joined(names, keys[0])


def default_fused_keys_renamer(keys: list, max_fused_key_length: int | None = 120) -> Any:
    """The key of fused tasks, of those in it with the one whose value remains last: their kinds before its name."""
    last = keys[-1]
    names = sorted({_kind(key) for key in keys[:-1]} - {_kind(last)})
    return _joined(names, last, max_fused_key_length)


def _kind(key: Any) -> str:
    name = key[0] if isinstance(key, tuple) and key else key
    return prefix_of(name) if isinstance(name, str) else str(name)


def _joined(names: list[str], key: Any, longest: int | None = None) -> Any:
    name = key[0] if isinstance(key, tuple) and key else key
    if not isinstance(name, str):
        return None
    text = "-".join([*names, name])
    if longest and len(text) > longest - 5:
        text = f"{text[: longest - 5]}-{_plait.tokenize(text)[:4]}"
    return (text, *key[1:]) if isinstance(key, tuple) else text
