"""Plans for the tests of records."""

import pickle

from plait import _plait


def through_a_record(*collections):
    """The collections of the plan that is optimized for all of them, written and read again."""
    exprs = [expr for collection in collections for expr in collection.__plait_exprs__()]
    again = iter(pickle.loads(pickle.dumps(_plait.optimize(exprs))))
    return [collection.__plait_postpersist__()([next(again)]) for collection in collections]
