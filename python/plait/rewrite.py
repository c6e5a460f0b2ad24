"""Rules that replace tasks of one form by tasks of another.

>>> from plait.rewrite import RewriteRule, RuleSet
>>> rules = RuleSet(RewriteRule((max, "a", "a"), "a", vars=("a",)))
>>> rules.rewrite((abs, (max, 5, 5)))
(<built-in function abs>, 5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .core import istask, subs


def head(task: Any) -> Any:
    """The function that a task calls; ``list`` for a list; any other term itself."""
    return task[0] if istask(task) else list if isinstance(task, list) else task


def args(task: Any) -> Any:
    """The arguments of a task, or the items of a list."""
    return task[1:] if istask(task) else task if isinstance(task, list) else ()


def _terms(task: Any) -> Iterator:
    """A term and all that are inside, from left to right."""
    yield head(task)
    for item in args(task):
        yield from _terms(item)


class RewriteRule:
    """Terms of one form, and what takes their place.

    Parameters
    ----------
    lhs : task
        The form: a task in which some names stand for any term. A name that stands twice stands for equal terms.
    rhs : task or callable
        What takes the place of a term of that form: a task in which the names stand for what they stood for; or a function
        that makes one of a dict of them.
    vars : tuple of str
        The names; the attribute has those that stand in ``lhs``.

    Raises
    ------
    TypeError
        If ``vars`` is no tuple.
    """

    def __init__(self, lhs: Any, rhs: Any, vars: tuple = ()):
        if not isinstance(vars, tuple):
            raise TypeError(f"RewriteRule: vars is {vars!r}, expected a tuple of names")
        self.lhs = lhs
        self.rhs = rhs
        names = [term for term in _terms(lhs) if isinstance(term, str) and term in vars]
        self.vars = tuple(sorted(set(names)))
        # For every term of the form whether it stands for any: of two forms that fit, the one that says more comes first.
        self.rank = [isinstance(term, str) and term in vars for term in _terms(lhs)]

    def match(self, term: Any) -> dict | None:
        """What the names stand for in a term; None if it has another form."""
        found: dict = {}
        return found if self._match(self.lhs, term, found) else None

    def _match(self, form: Any, term: Any, found: dict) -> bool:
        if isinstance(form, str) and form in self.vars:
            known = found.setdefault(form, term)
            return known is term or _equal(known, term)
        if istask(form) or isinstance(form, list):
            same_kind = istask(form) == istask(term) and isinstance(form, list) == isinstance(term, list)
            if not same_kind or not _equal(head(form), head(term)) or len(args(form)) != len(args(term)):
                return False
            return all(self._match(inner, item, found) for inner, item in zip(args(form), args(term), strict=True))
        return _equal(form, term)

    def subs(self, found: dict) -> Any:
        """What takes the place of a term in which the names stand for ``found``."""
        if callable(self.rhs):
            return self.rhs(found)
        # Names first become objects of their own: what one stands for may be the name of another.
        marks = {name: object() for name in found}
        term = self.rhs
        for name, mark in marks.items():
            term = subs(term, name, mark)
        for name, mark in marks.items():
            term = subs(term, mark, found[name])
        return term

    def __repr__(self) -> str:
        return f"RewriteRule({self.lhs}, {self.rhs}, {self.vars})"


def _equal(a: Any, b: Any) -> bool:
    try:
        return type(a) is type(b) and bool(a == b)
    except Exception:
        return False  # such as arrays, of which there are many answers


class RuleSet:
    """Rules. Of those that fit, the one is taken whose form says most, reading from the left; of equal ones the first.

    Parameters
    ----------
    *rules : RewriteRule
        In the order that decides between equal forms.

    Raises
    ------
    TypeError
        If something else is given.
    """

    def __init__(self, *rules: RewriteRule):
        self.rules: list[RewriteRule] = []
        for rule in rules:
            self.add(rule)

    def add(self, rule: RewriteRule) -> None:
        """One more rule, after all others."""
        if not isinstance(rule, RewriteRule):
            raise TypeError(f"RuleSet takes RewriteRules; found {rule!r}")
        self.rules.append(rule)

    def iter_matches(self, term: Any) -> Iterator[tuple[RewriteRule, dict]]:
        """The rules that fit a term, each with what its names stand for."""
        for rule in sorted(self.rules, key=lambda rule: rule.rank):
            found = rule.match(term)
            if found is not None:
                yield rule, found

    def _rewritten(self, term: Any) -> Any:
        return next((rule.subs(found) for rule, found in self.iter_matches(term)), term)

    def rewrite(self, task: Any, strategy: str = "bottom_up") -> Any:
        """A term with what fits replaced.

        Parameters
        ----------
        task : task
            The term.
        strategy : {"bottom_up", "top_level"}
            Whether to look at all terms inside, the innermost first, or at the whole only.

        Raises
        ------
        ValueError
            If ``strategy`` is neither.
        """
        if strategy == "top_level":
            return self._rewritten(task)
        if strategy != "bottom_up":
            raise ValueError(f"rewrite: strategy is {strategy!r}, expected 'bottom_up' or 'top_level'")
        if istask(task):
            task = (head(task), *(self.rewrite(arg) for arg in args(task)))
        elif isinstance(task, list):
            task = [self.rewrite(item) for item in task]
        return self._rewritten(task)
