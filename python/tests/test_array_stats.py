"""Statistical tests against SciPy's, on any cut."""

import numpy as np
import pytest

import plait.array as da

stats = pytest.importorskip("scipy.stats")

A = np.random.default_rng(1).gamma(2.0, size=(40, 3))
B = np.random.default_rng(2).gamma(2.2, size=(40, 3))
COUNTS = np.random.default_rng(3).integers(5, 20, (40, 3))

TESTS = {
    "ttest_ind": lambda m, a, b, c: m.ttest_ind(a, b),
    "ttest_ind, Welch": lambda m, a, b, c: m.ttest_ind(a, b[:30], equal_var=False),
    "ttest_1samp": lambda m, a, b, c: m.ttest_1samp(a, 1.9),
    "ttest_rel": lambda m, a, b, c: m.ttest_rel(a, b, axis=1),
    "chisquare": lambda m, a, b, c: m.chisquare(c),
    "chisquare of others": lambda m, a, b, c: m.chisquare(c, c[::-1] * 1.0, ddof=1),
    "skewtest": lambda m, a, b, c: m.skewtest(a),
    "kurtosistest": lambda m, a, b, c: m.kurtosistest(a, axis=None),
    "normaltest": lambda m, a, b, c: m.normaltest(a),
    "f_oneway": lambda m, a, b, c: m.f_oneway(a, b, a[:20] * 1.1),
    **{f"power {power}": lambda m, a, b, c, power=power: m.power_divergence(c, lambda_=power) for power in (None, "log-likelihood", "neyman", 2.5)},
    "mod-log-likelihood": lambda m, a, b, c: m.power_divergence(c, lambda_="mod-log-likelihood"),
}


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("chunks", [(7, 2), (40, 3)])
def test_tests_give_what_scipy_gives(name, chunks):
    of = TESTS[name]
    expected = of(stats, A, B, COUNTS)
    statistic, pvalue = of(da.stats, *(da.from_array(x, chunks=chunks) for x in (A, B, COUNTS)))
    np.testing.assert_allclose(statistic.compute(), expected.statistic, rtol=1e-9)
    np.testing.assert_allclose(pvalue.compute(scheduler="processes"), expected.pvalue, rtol=1e-9)


@pytest.mark.parametrize("axis", [0, 1, None])
def test_moments_are_scipys(axis):
    x = da.from_array(A, chunks=(7, 2))
    np.testing.assert_allclose(da.stats.moment(x, 3, axis=axis).compute(), stats.moment(A, 3, axis=axis))
    for bias in (True, False):
        np.testing.assert_allclose(da.stats.skew(x, axis=axis, bias=bias).compute(), stats.skew(A, axis=axis, bias=bias))
        np.testing.assert_allclose(da.stats.kurtosis(x, axis=axis, bias=bias).compute(), stats.kurtosis(A, axis=axis, bias=bias))
    np.testing.assert_allclose(da.stats.kurtosis(x, axis=axis, fisher=False).compute(), stats.kurtosis(A, axis=axis, fisher=False))


def test_tests_that_cannot_be_are_refused():
    x = da.from_array(A, chunks=7)
    with pytest.raises(NotImplementedError, match="nan_policy='omit'"):
        da.stats.skew(x, nan_policy="omit")
    with pytest.raises(ValueError, match="lambda_ is 'odd'"):
        da.stats.power_divergence(x, lambda_="odd")
    with pytest.raises(ValueError, match="less than 8 samples"):
        da.stats.skewtest(x[:5])
    with pytest.raises(ValueError, match="at least two samples"):
        da.stats.f_oneway(x)
