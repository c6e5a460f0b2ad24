"""What the listings of the tutorial must give, checked where they have run.

    python listing_checks.py FOLDER [--small] NUMBER...

runs the listings of the folder whose numbers are given under the alias, one after the other in one namespace, as a reader of the
tutorial does, and checks what they have made and printed. Prints one line for each. `--small` makes the files of listing 06 a
fiftieth of their size, and the arrays of listings 19 and 21 a hundredth.
"""

import contextlib
import glob
import io
import math
import os
import pathlib
import re
import sys
import urllib.request

import numpy as np
import pandas as pd
import sklearn.linear_model
import sklearn.metrics
import sklearn.model_selection

import plait.compat

plait.compat.install()


def check_02(names, out):
    assert names["df_dask"].npartitions == 4
    assert math.isclose(names["df_dask"]["x"].mean().compute(), names["df_pandas"]["x"].mean())
    assert "Columns: ['x', 'y', 'z']" in out and "DataFrame" in out


def check_03(names, out):
    assert pathlib.Path("dask_task_graph.png").read_bytes().startswith(b"\x89PNG")
    z = names["z"]
    z.visualize("written.dot")
    z.visualize("run.dot", optimize_graph=True)
    assert 0 < pathlib.Path("run.dot").read_text().count("shape=") < pathlib.Path("written.dot").read_text().count("shape=")
    assert len(z.__dask_graph__()) > 0 and names["x"].npartitions == 100
    assert np.allclose(z.compute(), (names["y"].compute()).mean(axis=0))


def check_04(names, out):
    mean, std, most = (float(line.rpartition(" ")[2]) for line in out.splitlines()[-3:])
    assert abs(mean - 0.5) < 1e-4 and abs(std - 0.288675) < 1e-4 and 0.99999 < most <= 1
    assert "Estimated size: 80.00 GB" in out and "dask.array<" in out


def check_05(names, out):
    s = names["s"].compute()
    true = np.linalg.svd(names["A"][:1000, :1000].compute(), compute_uv=False)
    assert len(names["s"]) == 50 and (np.diff(s) <= 0).all()
    assert abs(s[0] / (5 * true[0]) - 1) < 0.01
    u, v = names["U"].compute(), names["V"].compute()
    assert np.allclose(u.T @ u, np.eye(50), atol=1e-8) and np.allclose(v @ v.T, np.eye(50), atol=1e-8)
    assert np.allclose(names["C"][:50].compute(), names["A"][:50].compute() @ names["B"].compute())


def check_06(names, out):
    frame = names["ddf"]
    num_rows = len(pd.concat(pd.read_csv(path, usecols=["id"]) for path in sorted(glob.glob("data_part_*.csv"))))
    assert frame.npartitions >= 5 and len(frame) == num_rows
    assert f"~{num_rows} rows" in out and str(frame.dtypes["timestamp"]).startswith("datetime64")
    assert frame.id.sum().compute() == num_rows * (num_rows - 1) // 2
    first = pd.read_csv("data_part_0.csv", parse_dates=["timestamp"]).head()
    pd.testing.assert_frame_equal(frame.head(), first, check_dtype=False)


def check_07(names, out):
    whole = pd.concat(pd.read_csv(path, parse_dates=["timestamp"]) for path in sorted(glob.glob("data_part_*.csv")))
    stats = whole.groupby("category")["value"].agg(["mean", "std", "count"])
    pd.testing.assert_frame_equal(names["result"], stats, check_dtype=False, check_index_type=False, atol=1e-9)
    daily = whole.set_index("timestamp").resample("D")["value"].mean()
    assert len(names["daily_stats"].head()) == min(5, len(daily))
    assert np.allclose(names["daily_stats"].compute().to_numpy(), daily.to_numpy())
    assert names["filtered_count"] == (whole.value > 0).sum()
    assert "value_squared" not in names["ddf"].columns and "value_squared" in names["filtered"].columns


def check_08(names, out):
    whole = pd.concat(pd.read_csv(path) for path in sorted(glob.glob("data_part_*.csv")))
    assert names["ddf_optimized"].npartitions == 20 and len(names["ddf_optimized"]) == len(whole)
    indexed = names["ddf_indexed"]
    for label in "AC":
        assert len(indexed.loc[label]) == (whole.category == label).sum()
    if indexed.known_divisions:
        plait.dataframe.utils.assert_divisions(indexed)
    assert sum(names["partition_sizes"]) == len(whole)


def check_09(names, out):
    x, y, train, test = (names[name] for name in ("X", "y", "X_train", "X_test"))
    assert x.shape == (len(names["ddf"]), 4) and y.shape == x.shape[:1]
    assert train.shape[0] + test.shape[0] == x.shape[0] and test.shape[0] == math.ceil(0.2 * x.shape[0])
    assert ((train[:, 0] > 0) == names["y_train"]).all().compute()
    assert np.allclose(train.sum(axis=0).compute() + test.sum(axis=0).compute(), x.sum(axis=0).compute())
    scaled = names["X_train_scaled"].compute()
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-6) and np.allclose(scaled.std(axis=0), names["scaler"].var_ > 0, atol=1e-6)
    assert np.allclose(names["X_test_scaled"], (test.compute() - names["scaler"].mean_) / names["scaler"].scale_)
    assert names["le"].classes_.tolist() == ["A", "B", "C", "D"]
    assert f"Training data: {int(train.shape[0]):,} rows" in out


def check_10(names, out):
    x, y = names["X_train_scaled"].compute(), names["y_train"].compute()
    test, truth = names["X_test_scaled"].compute(), names["y_test"].compute()
    expected = sklearn.linear_model.LogisticRegression(max_iter=1000, tol=1e-8).fit(x, y)
    assert abs(names["clf"].coef_[0, 0] / expected.coef_[0, 0] - 1) < 0.01
    likely = names["y_pred_proba"].compute()
    assert likely.shape == (len(test), 2) and np.allclose(likely.sum(axis=1), 1)
    assert names["accuracy"] == names["accuracy"].compute() == (names["y_pred"].compute() == truth).mean() > 0.99
    assert math.isclose(names["loss"], sklearn.metrics.log_loss(truth, likely))
    assert f"Accuracy: {names['accuracy']:.4f}" in out


def check_11(names, out):
    results, grid = names["grid_search"].cv_results_, names["param_grid"]
    assert len(names["results_df"]) == 10 and names["grid_search"].best_score_ >= 0.99
    assert all(names["grid_search"].best_params_[name] in values for name, values in grid.items())
    for params, score in zip(results["params"], results["mean_test_score"]):
        if params["penalty"] == "l2":
            theirs = sklearn.linear_model.LogisticRegression(C=params["C"])
            expected = sklearn.model_selection.cross_val_score(theirs, names["X_train_sample"], names["y_train_sample"], cv=3).mean()
            assert abs(score - expected) < 5e-3, (params, score, expected)
    assert "Number of parameter combinations: 10" in out and "Top 3 parameter combinations:" in out


def check_12(names, out):
    importance = names["feature_importance"]
    assert abs(importance.sum() - 1) < 1e-9 and importance[0] > 0.95
    assert names["accuracy_rf"] > 0.999 and f"Accuracy: {names['accuracy_rf']:.4f}" in out
    again = names["RandomForestClassifier"](n_estimators=10, max_depth=10, random_state=42).fit(names["X_train_scaled"], names["y_train"])
    predicted = names["y_pred_rf"].compute()
    assert (again.predict(names["X_test_scaled"]).compute() == predicted).all()
    truth = names["y_test"].compute()
    assert names["classification_report"](names["y_test"], names["y_pred_rf"]) == sklearn.metrics.classification_report(truth, predicted)


def check_13(names, out):
    pipeline, test = names["pipeline"], names["X_test"]
    assert pipeline["preprocessor"].transform(test[:5]).shape == (5, 7)
    assert names["accuracy_pipeline"] > 0.99 and f"Pipeline accuracy: {names['accuracy_pipeline']:.4f}" in out


def check_14(names, out):
    assert out.count("Result: 140") == 2
    one_by_one, at_once = (float(line.split()[2]) for line in out.splitlines() if line.startswith("Execution time"))
    assert at_once < one_by_one
    assert pathlib.Path("delayed_task_graph.png").read_bytes().startswith(b"\x89PNG")
    assert names["total"] == names["total_delayed"].compute(scheduler="sync") == 140


def check_15(names, out):
    assert names["bag"].npartitions == 1 and "Number of partitions: 1" in out
    assert sorted(names["level_counts"].compute()) == [("ERROR", 1000), ("INFO", 2000), ("WARNING", 1000)]
    assert "Number of error logs: 1,000" in out
    assert names["hourly_distribution"].compute() == [("10", 4000)]
    assert names["bag"].take(1)[0]["message"] == "User login"


def check_25(names, out):
    lines = out.splitlines()
    assert names["result"] == 60 and "Final result: 60" in lines
    after = [lines.index(f"Task {task} complete") for task in "ABCD"]
    assert max(after[:2]) < after[2] < after[3]
    assert pathlib.Path("task_dependency_graph.png").read_bytes().startswith(b"\x89PNG")


def check_16(names, out):
    assert names["result"] == 36
    assert names["final_result"] == "merged_processed_data_source_A_processed_data_source_B"
    lines = out.splitlines()
    for source in "AB":
        assert lines.count(f"Loading from source_{source}") == lines.count(f"Processing data_source_{source}") == 1
        assert lines.index(f"Loading from source_{source}") < lines.index(f"Processing data_source_{source}")
    assert names["get"](names["task_graph"], ["z", "w"]) == (3, 6)


def check_17(names, out):
    assert list(names["ddf_processed"].columns) == ["A", "B", "C", "A_squared", "B_log"]
    frame = names["ddf"].compute()
    assert np.allclose(frame["A_times_B"], frame.A * frame.B) and "A_squared" not in frame.columns
    assert list(names["stats"].index) == ["mean", "std", "min", "max"] * 4


def check_23(names, out):
    lazy = "1. dask.array<mul, shape=(1000, 1000), dtype=float64, chunksize=(100, 100), chunktype=numpy.ndarray>"
    assert out.splitlines()[0] == lazy
    result = names["z"].compute()
    assert type(result) is np.ndarray and result.min() >= 2 and result.max() < 4


def check_24(names, out):
    assert names["ddf"].npartitions == 47 and len(names["ddf"]) == 1_000_000
    assert "4768.37 MB (5.00 GB)" in out and "Required partitions: 48" in out and "2,097,152 rows" in out


def check_01(names, out):
    assert re.search(r"<Client: 'tcp://127\.0\.0\.1:\d+' processes=4 threads=8, memory=\S+ GiB>", out)
    assert urllib.request.urlopen(names["client"].dashboard_link).status == 200
    assert f"Dask Dashboard: {names['client'].dashboard_link}" in out


def check_18(names, out):
    assert "Number of workers: 4" in out and "Number of threads: 8" in out and "Memory limit: 2GB" in out
    assert out.count("Threads: 2") == 4 and out.count("Memory: 2.00 GB") == 4
    assert abs(names["result"] - 1) < 1e-3
    assert names["cluster"].status == "closed" and names["client"].status == "closed"


def check_19(names, out):
    steps = np.diff(names["final_results"])
    assert len(steps) == 4 and np.allclose(steps, steps[0], rtol=1e-9)
    assert "Active workers: 4" in out and "100% Completed" in out and "Completed tasks: " in out
    names["client"].close()


def check_20(names, out):
    page = pathlib.Path("dask_performance.html").read_text()
    assert "Task Stream" in page and 10_000 < len(page) < 2_000_000
    assert len(names["memory_info"]) == 4
    assert all(0 < each["used"] < each["limit"] for each in names["memory_info"].values())
    pdf = pd.concat(pd.read_csv(path) for path in sorted(glob.glob("data_part_*.csv")))
    pd.testing.assert_series_equal(names["result1"].sort_index(), pdf.groupby("category")["value"].mean(), check_dtype=False, check_index_type=False)
    assert abs(names["result2"] - 1) < 1e-3
    names["client"].close()


def check_21(names, out):
    counts = [int(line.rpartition(" ")[2]) for line in out.splitlines() if line.startswith(("Current workers", "Workers after"))]
    assert len(counts) == 2 and all(1 <= count <= 8 for count in counts)
    assert abs(names["result"] / math.prod(names["x"].shape) - 0.5) < 1e-3
    names["client"].close()
    names["cluster"].close()


def check_22(names, out):
    assert re.search(r"Number of tasks: [1-9]\d*\nNumber of layers: 1$", out, re.MULTILINE)
    assert names["future"].status == "finished" and abs(names["result"] / 1e8 - 0.5) < 1e-3
    assert len(names["logs"]) == 4 and all(names["logs"].values())
    names["client"].close()


def check_26(names, out):
    pdf = pd.concat(pd.read_csv(path) for path in sorted(glob.glob("large_data_*.csv"))).dropna()
    expected = pdf.groupby("category").agg({"value1": ["mean", "std", "count"], "value2": ["mean", "std", "count"]})
    found = names["result_computed"].sort_index()
    assert np.allclose(found.to_numpy(dtype=float), expected.to_numpy(dtype=float), rtol=1e-9)
    assert len(pd.read_parquet("output_data.parquet")) == len(pdf) == 990_000
    assert "Task Stream" in pathlib.Path("processing_performance.html").read_text()
    assert "processes=4 threads=8" in out and names["client"].status == "closed"


CHECKS = {name.removeprefix("check_"): function for name, function in list(globals().items()) if name.startswith("check_")}


# What `--small` replaces in the text of a listing.
SMALLER = {
    "06": [("1000000", "20000")],
    "19": [("chunks=(5000, 5000)", "chunks=(500, 500)"), ("(50000, 50000)", "(5000, 5000)")],
    "21": [("chunks=(1000, 1000)", "chunks=(100, 100)"), ("(50000, 50000)", "(5000, 5000)")],
}


def main(folder, numbers, is_small):
    names = {"__name__": "__main__"}
    exec("import dask", names)  # listing 01, which needs a cluster, imports it for those that follow
    for number in numbers:
        (path,) = pathlib.Path(folder).glob(f"{number}_*.py")
        text = path.read_text()
        for large, small in SMALLER.get(number, ()) if is_small else ():
            text = text.replace(large, small)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, str(path), "exec"), names)
        CHECKS[number](names, printed.getvalue())
        print(f"{number} ok", flush=True)


if __name__ == "__main__":
    given = sys.argv[2:]
    main(os.path.abspath(sys.argv[1]), [each for each in given if each != "--small"], "--small" in given)
