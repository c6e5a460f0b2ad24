"""Scalers against scikit-learn."""

import numpy as np
import pytest
from sklearn import preprocessing

import plait.array as da
from plait.ml.preprocessing import StandardScaler


@pytest.mark.parametrize("chunks", [(7, 3), (1, 2), (4, 1), ((3, 0, 4), (3,))])
def test_a_lazy_array_is_scaled_as_scikit_learn_scales_it(chunks):
    rows = np.random.default_rng(0).normal(3, 2, (7, 3))
    rows[2, 1] = np.nan
    rows[:, 2] = 4
    ours, theirs = StandardScaler(), preprocessing.StandardScaler()
    np.testing.assert_allclose(ours.fit_transform(da.from_array(rows, chunks=chunks)), theirs.fit_transform(rows))
    for name in ("mean_", "var_", "scale_", "n_samples_seen_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name))
