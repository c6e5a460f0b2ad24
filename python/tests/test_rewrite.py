"""Rules on tasks give what Dask's give, whatever the order in which they are added."""

import itertools
from operator import add, neg

import pytest

from plait.rewrite import RewriteRule, RuleSet

theirs = pytest.importorskip("dask.rewrite")

RULES = [
    ((add, "a", "a"), (neg, "a")),
    ((add, "a", 1), (abs, "a")),
    ((add, (abs, "a"), "b"), (add, "b", "a")),
    ((add, (abs, "b"), (abs, "a")), (max, "a", "b")),
    ((sum, ["a", "b"]), (add, "a", "b")),
]
TERMS = [
    (add, 1, 1),
    (add, (abs, 5), (abs, 5)),
    (add, (abs, 5), 1),
    (sum, [(add, 2, 2), (add, (abs, 3), 1)]),
    (add, 2, 3),
    [(add, 4, 1), (sum, [1, 2, 3])],
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("strategy", ["bottom_up", "top_level"])
def test_of_rules_that_fit_the_one_that_says_most_is_taken(order, strategy):
    chosen = [RULES[i] for i in order] + RULES[3:]
    ours = RuleSet(*(RewriteRule(*rule, ("a", "b", "c")) for rule in chosen))
    other = theirs.RuleSet(*(theirs.RewriteRule(*rule, ("a", "b", "c")) for rule in chosen))
    for term in TERMS:
        assert [(rule.lhs, found) for rule, found in ours.iter_matches(term)] == [(rule.lhs, found) for rule, found in other.iter_matches(term)]
        assert ours.rewrite(term, strategy) == other.rewrite(term, strategy)


def test_a_rule_has_the_names_that_stand_in_its_form():
    for kind in (RewriteRule, theirs.RewriteRule):
        rule = kind((add, "b", (abs, "b")), (neg, "b"), ("a", "b"))
        assert rule.vars == ("b",) and rule.subs({"b": 2}) == (neg, 2)
        assert kind((list, "b"), lambda found: [found["b"]], ("b",)).subs({"b": 2}) == [2]
