"""Encoders, imputers and transformers of columns, against scikit-learn and pandas."""

import numpy as np
import pandas as pd
import pytest
import sklearn.compose
import sklearn.impute
import sklearn.preprocessing as theirs
from sklearn.linear_model import LogisticRegression as TheirLogistic
from sklearn.pipeline import Pipeline, make_pipeline

import plait.array as da
import plait.dataframe as dd
from plait.ml import preprocessing as ours
from plait.ml.compose import ColumnTransformer, make_column_selector, make_column_transformer
from plait.ml.impute import SimpleImputer
from plait.ml.linear_model import LogisticRegression
from plait.ml.wrappers import ParallelPostFit

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({"value": RNG.normal(size=40), "hour": RNG.integers(0, 24, 40), "kind": RNG.choice(["x", "y", "z"], 40)})


@pytest.mark.parametrize("drop", [None, "first"])
def test_one_hot_columns(drop):
    codes = RNG.integers(0, 4, (30, 2))
    expected = theirs.OneHotEncoder(drop=drop, sparse_output=False).fit(codes)
    encoder = ours.OneHotEncoder(drop=drop)
    found = encoder.fit_transform(da.from_array(codes, chunks=(11, 1)))
    np.testing.assert_array_equal(found, expected.transform(codes))
    assert [each.tolist() for each in encoder.categories_] == [each.tolist() for each in expected.categories_]
    assert encoder.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()


def test_one_hot_columns_of_a_frame_of_texts():
    expected = theirs.OneHotEncoder(sparse_output=False).fit(FRAME[["kind"]])
    found = ours.OneHotEncoder().fit_transform(dd.from_pandas(FRAME, npartitions=3)[["kind"]]).compute()
    np.testing.assert_array_equal(found, expected.transform(FRAME[["kind"]]))
    assert list(found.columns) == expected.get_feature_names_out().tolist()


def test_a_category_that_fit_has_not_seen():
    x, y = da.from_array(np.array([[0], [1]]), chunks=1), da.from_array(np.array([[0], [7]]), chunks=1)
    with pytest.raises(ValueError, match=r"Found unknown categories \[.*7.*\] in column 0"):
        ours.OneHotEncoder().fit(x).transform(y).compute()
    assert ours.OneHotEncoder(handle_unknown="ignore").fit(x).transform(y).compute().tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("lazy", [False, True])
def test_texts_become_categories_numbers_and_columns(lazy):
    frame = dd.from_pandas(FRAME, npartitions=3) if lazy else FRAME
    computed = (lambda x: x.compute()) if lazy else (lambda x: x)
    categories = ours.Categorizer().fit(frame)
    assert categories.categories_["kind"].categories.tolist() == ["x", "y", "z"]
    of_categories = categories.transform(frame)
    expected = FRAME.astype({"kind": pd.CategoricalDtype(["x", "y", "z"])})
    numbers = ours.OrdinalEncoder().fit(of_categories)
    assert computed(numbers.transform(of_categories)).kind.tolist() == expected.kind.cat.codes.tolist()
    assert computed(numbers.inverse_transform(numbers.transform(of_categories))).kind.tolist() == FRAME.kind.tolist()
    columns = ours.DummyEncoder().fit(of_categories)
    dummies = columns.transform(of_categories)
    pd.testing.assert_frame_equal(computed(dummies), pd.get_dummies(expected, columns=["kind"]))
    assert computed(columns.inverse_transform(dummies)).kind.tolist() == FRAME.kind.tolist()
    with pytest.raises(ValueError, match="Columns of 'X' do not match"):
        columns.transform(of_categories[["kind"]])


def test_encoders_of_categories_want_categories():
    with pytest.raises(ValueError, match="'kind' is .*; use Categorizer first"):
        ours.DummyEncoder(columns=["kind"]).fit(dd.from_pandas(FRAME, npartitions=2))
    with pytest.raises(TypeError, match="takes frames"):
        ours.Categorizer().fit(np.ones((3, 1)))


def holes():
    x = RNG.integers(0, 4, (50, 3)).astype(float)
    x[RNG.random((50, 3)) < 0.2] = np.nan
    x[:, 2] = 1
    return x


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent", "constant"])
@pytest.mark.parametrize("add_indicator", [False, True])
def test_missing_values_are_replaced(strategy, add_indicator):
    x = holes()
    expected = sklearn.impute.SimpleImputer(strategy=strategy, add_indicator=add_indicator).fit(x)
    found = SimpleImputer(strategy=strategy, add_indicator=add_indicator).fit(da.from_array(x, chunks=(17, 2)))
    np.testing.assert_allclose(found.statistics_.astype(float), expected.statistics_.astype(float))
    np.testing.assert_allclose(found.transform(da.from_array(x, chunks=(17, 2))), expected.transform(x))
    np.testing.assert_allclose(found.transform(x), expected.transform(x))


def test_missing_texts_are_replaced_by_the_most_frequent():
    frame = pd.DataFrame({"k": ["a", None, "b", "b", None]})
    assert SimpleImputer(strategy="most_frequent").fit_transform(dd.from_pandas(frame, npartitions=2)).compute().k.tolist() == ["a", "b", "b", "b", "b"]
    with pytest.raises(ValueError, match="Cannot use mean strategy with non-numeric data: column 'k'"):
        SimpleImputer().fit(dd.from_pandas(frame, npartitions=2))


OBJECTS = np.array([["a", 1], ["b", 2], ["a", 1], ["c", 2], ["b", 1], ["a", 1]], dtype=object)


def test_one_hot_columns_of_objects():
    expected = theirs.OneHotEncoder(sparse_output=False).fit(OBJECTS)
    encoder = ours.OneHotEncoder().fit(da.from_array(OBJECTS, chunks=(2, 1)))
    assert [each.tolist() for each in encoder.categories_] == [each.tolist() for each in expected.categories_]
    np.testing.assert_array_equal(encoder.transform(da.from_array(OBJECTS, chunks=(4, 2))), expected.transform(OBJECTS))


@pytest.mark.parametrize("missing", [None, np.nan], ids=str)
def test_objects_and_texts_that_are_missing_are_a_category(missing):
    objects = np.array([["a"], [missing], ["b"], [missing]], dtype=object)
    expected = theirs.OneHotEncoder(sparse_output=False).fit_transform(objects)
    np.testing.assert_array_equal(ours.OneHotEncoder().fit_transform(da.from_array(objects, chunks=(1, 1))), expected)
    frame = pd.DataFrame(objects, columns=["k"])
    np.testing.assert_array_equal(ours.OneHotEncoder().fit_transform(dd.from_pandas(frame, npartitions=2)).compute(), expected)


@pytest.mark.parametrize("strategy", ["most_frequent", "constant"])
@pytest.mark.parametrize(("missing", "indicator"), [(np.nan, False), (None, True), ("?", False)], ids=str)
def test_missing_objects_are_replaced(strategy, missing, indicator):
    objects = np.array([["a", 1], ["b", missing], [missing, 3], ["b", 3], ["a", 1]], dtype=object)
    params = {"strategy": strategy, "missing_values": missing, "add_indicator": indicator}
    expected = sklearn.impute.SimpleImputer(**params).fit_transform(objects)
    found = SimpleImputer(**params).fit_transform(da.from_array(objects, chunks=(2, 1)))
    assert found.compute().tolist() == expected.tolist()


@pytest.mark.parametrize("strategy", ["median", "most_frequent", "constant"])
@pytest.mark.parametrize("dtype", ["int16", "uint8", "bool"])
def test_whole_numbers_and_truth_values_are_counted(strategy, dtype):
    x = RNG.integers(0, 2, (30, 2)).astype(dtype)
    rows, expected = da.from_array(x, chunks=(7, 1)), sklearn.impute.SimpleImputer(strategy=strategy)
    if dtype == "bool" and strategy != "median":
        with pytest.raises(ValueError, match="SimpleImputer does not support data with dtype bool"):
            SimpleImputer(strategy=strategy).fit_transform(rows)
        return
    found = SimpleImputer(strategy=strategy).fit_transform(rows).compute()
    np.testing.assert_array_equal(found, x)
    assert found.dtype == expected.fit_transform(x).dtype


@pytest.mark.parametrize("strategy", ["mean", "most_frequent", "constant"])
def test_a_number_may_stand_where_values_are_missing(strategy):
    x = np.nan_to_num(holes(), nan=-1)
    expected = sklearn.impute.SimpleImputer(strategy=strategy, missing_values=-1).fit_transform(x)
    np.testing.assert_allclose(SimpleImputer(strategy=strategy, missing_values=-1).fit_transform(da.from_array(x, chunks=(17, 2))), expected)
    for bad in (np.nan, np.inf):
        x[3, 1] = bad
        with pytest.raises(ValueError, match="NaN|infinity"):
            SimpleImputer(strategy=strategy, missing_values=-1).fit(da.from_array(x, chunks=(17, 2)))


def test_labels_may_be_objects():
    texts = np.array(["no", "yes", "no", "yes", "yes", "no"], dtype=object)
    rows, labels = da.from_array(np.array([[0.0], [9], [1], [8], [7], [2]]), chunks=(2, 1)), da.from_array(texts, chunks=4)
    assert ours.LabelEncoder().fit_transform(labels).compute().tolist() == [0, 1, 0, 1, 1, 0]
    model = LogisticRegression().fit(rows, labels)
    assert model.predict(rows).compute().tolist() == texts.tolist() and model.score(rows, labels) == 1
    with pytest.raises(ValueError, match="contains NaN"):
        LogisticRegression().fit(rows, da.from_array(np.array(["no", "yes", None] * 2, dtype=object), chunks=4))


def test_columns_of_a_frame_go_to_their_transformers():
    lazy = dd.from_pandas(FRAME, npartitions=3)
    parts = [("num", "StandardScaler", ["value", "hour"]), ("cat", "OneHotEncoder", ["kind"])]
    expected = sklearn.compose.ColumnTransformer([(n, getattr(theirs, t)(), c) for n, t, c in parts]).fit(FRAME)
    transformer = ColumnTransformer([(n, getattr(ours, t)(), c) for n, t, c in parts])
    found = transformer.fit_transform(lazy)
    assert isinstance(found, dd.DataFrame)
    np.testing.assert_allclose(found.compute(), expected.transform(FRAME))
    np.testing.assert_allclose(transformer.transform(lazy).compute(), expected.transform(FRAME))
    assert transformer.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()


def test_an_array_that_was_made_of_a_frame_knows_its_columns():
    x = dd.from_pandas(FRAME[["value", "hour"]], npartitions=3).to_dask_array(lengths=True)
    assert x.column_names == ("value", "hour") and x[:30].column_names == x.column_names and x[:, :1].column_names is None and x[:, [1, 0]].column_names is None
    found = ColumnTransformer([("h", ours.OneHotEncoder(), ["hour"])], remainder="passthrough").fit_transform(x[:30])
    expected = sklearn.compose.ColumnTransformer([("h", theirs.OneHotEncoder(), ["hour"])], remainder="passthrough", sparse_threshold=0).fit_transform(
        FRAME[["value", "hour"]][:30]
    )
    np.testing.assert_allclose(found, expected)
    with pytest.raises(ValueError, match="only supported for frames"):
        ColumnTransformer([("h", ours.OneHotEncoder(), ["hour"])]).fit(da.ones((4, 2)))
    with pytest.raises(ValueError, match="not a column of the dataframe: 'hours'"):
        ColumnTransformer([("h", ours.OneHotEncoder(), ["hours"])]).fit(x)


def test_transformers_of_scikit_learn_inside_ours_and_ours_inside_theirs():
    x = RNG.normal(size=(60, 3))
    y = (x[:, 0] > 0).astype(int)
    lazy = da.from_array(x, chunks=(25, 3))
    mixed = ColumnTransformer([("theirs", theirs.StandardScaler(), [0, 1]), ("ours", ours.MinMaxScaler(), slice(2, 3))])
    expected = sklearn.compose.ColumnTransformer([("a", theirs.StandardScaler(), [0, 1]), ("b", theirs.MinMaxScaler(), slice(2, 3))]).fit_transform(x)
    np.testing.assert_allclose(mixed.fit_transform(lazy), expected)
    pipeline = Pipeline([("columns", mixed), ("model", LogisticRegression(tol=1e-8))]).fit(lazy, da.from_array(y, chunks=25))
    reference = TheirLogistic(tol=1e-10).fit(expected, y)
    np.testing.assert_allclose(pipeline["model"].coef_, reference.coef_, atol=1e-5)
    assert isinstance(pipeline.predict(lazy), da.Array) and pipeline.score(lazy, y) > 0.9
    np.testing.assert_allclose(make_pipeline(ours.StandardScaler(), ours.PolynomialFeatures()).fit_transform(lazy).shape, (60, 10))


def test_columns_are_chosen_by_a_function_and_named_by_classes():
    lazy = dd.from_pandas(FRAME, npartitions=2)
    transformer = make_column_transformer((ours.StandardScaler(), make_column_selector(dtype_include=np.number)), remainder="drop")
    assert transformer.fit_transform(lazy).compute().shape == (40, 2)


@pytest.mark.parametrize("chunks", [(40, 3), (7, 3)])
def test_a_function_is_called_on_blocks(chunks):
    x = RNG.normal(size=(40, 3))
    np.testing.assert_allclose(ours.BlockTransformer(np.abs).fit_transform(da.from_array(x, chunks=chunks)), np.abs(x))


def _people():
    return pd.DataFrame({"age": [20.0, 30.0, 40.0, 60.0], "city": ["Bern", "Lima", "Lima", "Oslo"], "id": range(4)})


@pytest.mark.parametrize("weights", [None, {"age": 2.0}])
def test_columns_learnt_of_a_lazy_frame_are_transformed_in_memory_and_the_other_way_round(weights):
    people = _people()
    steps = [("age", ours.StandardScaler(), ["age"]), ("city", ours.OneHotEncoder(sparse_output=False), ["city"])]
    lazy = ColumnTransformer(steps, transformer_weights=weights).fit(dd.from_pandas(people, npartitions=2))
    held = ColumnTransformer(steps, transformer_weights=weights).fit(people)
    expected = held.transform(people)
    found = lazy.transform(people)
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, expected)
    of_lazy = held.transform(dd.from_pandas(people, npartitions=2))
    assert hasattr(of_lazy, "dask")
    np.testing.assert_allclose(of_lazy.compute(), expected)
    with pytest.raises(ValueError, match="X has 1 features"):
        lazy.transform(people[["age"]])


def test_columns_learnt_of_a_lazy_array_are_transformed_in_memory():
    x = np.arange(12.0).reshape(4, 3)
    fitted = ColumnTransformer([("s", ours.StandardScaler(), [2])], remainder="passthrough").fit(da.from_array(x, chunks=(2, 3)))
    np.testing.assert_allclose(fitted.transform(x), fitted.transform(da.from_array(x, chunks=(2, 3))).compute())


def test_an_encoder_that_was_fitted_in_memory_meets_lazy_texts():
    people = _people()
    fitted = ParallelPostFit(theirs.OneHotEncoder(sparse_output=False)).fit(people[["city"]])
    np.testing.assert_array_equal(fitted.transform(dd.from_pandas(people[["city"]], npartitions=2)).compute(), [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]])


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent", "constant"])
def test_nothing_is_learnt_of_missing_values_without_rows(strategy):
    with pytest.raises(ValueError, match="0 sample"):
        SimpleImputer(strategy=strategy).fit(da.ones((0, 2), chunks=2))
