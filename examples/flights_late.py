"""Will a flight be late? A logistic model and a forest, asked before the aircraft leaves.

    python examples/make_flights.py demo-output/data
    python examples/flights_late.py demo-output/data

Both learn from four days out of five and are tested on the fifth, whole days, since the flights of one hour share their
weather and their delays. They know what a passenger knows: when, where to, with whom, and the weather at that hour. A
flight is late if it arrives more than a quarter of an hour behind its schedule; cancelled ones are left out.
"""

import sys

import flights_job
import numpy as np
from sklearn.pipeline import make_pipeline

import plait.dataframe as dd
from plait.ml.compose import make_column_transformer
from plait.ml.ensemble import RandomForestClassifier
from plait.ml.linear_model import LogisticRegression
from plait.ml.metrics import accuracy_score, log_loss, roc_auc_score
from plait.ml.preprocessing import OneHotEncoder, StandardScaler

MEASURED = ["hour", "weekday", "distance", *flights_job.WEATHER]
CHOSEN = ["carrier", "origin"]
READ = ["month", "day", "arr_delay", "carrier", "origin", "distance", "hour", "time_hour"]


def read(folder):
    flights = dd.read_csv(f"{folder}/flights-*.csv", usecols=READ, parse_dates=["time_hour"])
    known = flights_job.join_weather(dd, flights, folder).dropna()
    return known.assign(weekday=known.time_hour.dt.dayofweek, is_late=(known.arr_delay > 15).astype("int64"))


def models():
    def with_columns(model):
        return make_pipeline(make_column_transformer((StandardScaler(), MEASURED), (OneHotEncoder(), CHOSEN)), model)

    forest = RandomForestClassifier(n_estimators=40, max_depth=12, min_samples_leaf=20, random_state=7)
    return {"logistic model": with_columns(LogisticRegression()), "forest": with_columns(forest)}


def report(name, truth, likely):
    """How good the answers are; of "never late", to begin with, which knows the share of late flights and no more."""
    surest = likely >= np.quantile(likely, 0.9)
    print(
        f"{name:15} {accuracy_score(truth, likely > 0.5):.3f} right, log loss {log_loss(truth, likely):.3f}, area under the ROC curve "
        f"{roc_auc_score(truth, likely):.3f}; of the tenth it finds likeliest, {truth[surest].mean():.3f} were late"
    )


def main():
    flights = read(sys.argv[1] if len(sys.argv) > 1 else "demo-output/data").persist()
    is_test = flights.day % 5 == 0
    train, test = flights[~is_test], flights[is_test]
    truth = test.is_late.compute().to_numpy()
    share = train.is_late.mean().compute()
    print(f"{len(train):,} flights to learn from, {len(truth):,} to be asked about; {share:.3f} and {truth.mean():.3f} of them late")

    report("never late", truth, np.full(len(truth), share))
    for name, model in models().items():
        model.fit(train[MEASURED + CHOSEN], train.is_late)
        report(name, truth, np.asarray(model.predict_proba(test[MEASURED + CHOSEN]))[:, 1])


if __name__ == "__main__":
    main()
