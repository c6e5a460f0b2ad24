"""Plans for the tests of records."""

import pickle

from plait import _plait


def through_a_record(collection):
    """The collection of the optimized plan, written and read again."""
    optimized = _plait.optimize(collection.__plait_exprs__())
    return collection.__plait_postpersist__()(pickle.loads(pickle.dumps(optimized)))
