"""A pipeline: what is done with which column, and the model behind it, fitted as one."""

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

import plait.dataframe as dd
from plait.ml.compose import ColumnTransformer
from plait.ml.linear_model import LogisticRegression
from plait.ml.metrics import accuracy_score
from plait.ml.model_selection import train_test_split
from plait.ml.preprocessing import OneHotEncoder, StandardScaler

numbers = np.random.default_rng(13)
tables = pd.DataFrame({"guests": numbers.integers(1, 9, 20_000), "hour": numbers.integers(11, 23, 20_000), "menu": numbers.integers(0, 4, 20_000)})
tips = tables.guests / 4 + (tables.menu == 3) * 2 + numbers.normal(0, 0.5, 20_000) > 2

lazy = dd.from_pandas(tables.assign(tips=tips.astype(int)), npartitions=4)
rows = lazy[["guests", "hour", "menu"]].to_dask_array(lengths=True)  # which keeps the names of the columns
train, test, train_tips, test_tips = train_test_split(rows, lazy["tips"].to_dask_array(lengths=True), test_size=0.25, random_state=13)

columns = ColumnTransformer([("scaled", StandardScaler(), ["guests", "hour"]), ("chosen", OneHotEncoder(), ["menu"])])
pipeline = Pipeline([("columns", columns), ("model", LogisticRegression(max_iter=100))]).fit(train, train_tips)

print(f"3 columns become {pipeline['columns'].transform(test[:5]).shape[1]}: {', '.join(pipeline['columns'].get_feature_names_out())}")
print(f"Accuracy: {accuracy_score(test_tips, pipeline.predict(test)):.3f}")
