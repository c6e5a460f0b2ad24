"""Listings 09 and 10: five CSV files, encoded, split, scaled, fitted and judged."""

from benchmarks.workloads.csv_groupby import limit, make_data, pattern

TITLE = "5 CSV files to a judged LogisticRegression"
TARGET_BEST = 5
TARGET_PEAK_MB = 1500
# Each draws its own rows to learn from.
RELATIVE_TOLERANCE = 2e-3
COLUMNS = ["value", "hour", "day_of_week", "category_encoded"]


def plait(quick):
    import plait.dataframe as dd
    from plait.ml.linear_model import LogisticRegression
    from plait.ml.metrics import accuracy_score, log_loss
    from plait.ml.model_selection import train_test_split
    from plait.ml.preprocessing import LabelEncoder, StandardScaler

    def run():
        frame = dd.read_csv(pattern(quick), parse_dates=["timestamp"])
        frame["hour"] = frame["timestamp"].dt.hour
        frame["day_of_week"] = frame["timestamp"].dt.dayofweek
        frame["category_encoded"] = LabelEncoder().fit_transform(frame["category"])
        x = frame[COLUMNS].to_dask_array(lengths=True)
        y = (frame["value"] > 0).astype(int).to_dask_array(lengths=True)
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=42, shuffle=True)
        scaler = StandardScaler()
        x_train = scaler.fit_transform(x_train)
        x_test = scaler.transform(x_test)
        model = LogisticRegression(max_iter=100, solver="lbfgs", random_state=42).fit(x_train, y_train)
        accuracy = accuracy_score(y_test, model.predict(x_test))
        loss = log_loss(y_test, model.predict_proba(x_test))
        return [x_train.shape[0], float(accuracy), bool(float(loss) < 0.1)]

    return run


def pandas(quick):
    import glob

    import pandas as pd
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, log_loss
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import LabelEncoder, StandardScaler

    def run():
        frame = pd.concat([pd.read_csv(name, parse_dates=["timestamp"]) for name in sorted(glob.glob(pattern(quick)))])
        frame["hour"] = frame["timestamp"].dt.hour
        frame["day_of_week"] = frame["timestamp"].dt.dayofweek
        frame["category_encoded"] = LabelEncoder().fit_transform(frame["category"])
        x = frame[COLUMNS].to_numpy()
        y = (frame["value"] > 0).astype(int).to_numpy()
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=42, shuffle=True)
        scaler = StandardScaler()
        x_train = scaler.fit_transform(x_train)
        x_test = scaler.transform(x_test)
        model = LogisticRegression(max_iter=100, solver="lbfgs", random_state=42).fit(x_train, y_train)
        accuracy = accuracy_score(y_test, model.predict(x_test))
        loss = log_loss(y_test, model.predict_proba(x_test))
        return [x_train.shape[0], float(accuracy), bool(loss < 0.1)]

    return run


SYSTEMS = {"plait": plait, "pandas": pandas}
__all__ = ["limit", "make_data"]
