"""A search: which parameters predict best what they have not seen?"""

import numpy as np
import pandas as pd

from plait.ml.linear_model import LogisticRegression
from plait.ml.model_selection import GridSearchCV

numbers = np.random.default_rng(11)
measured = numbers.normal(size=(3_000, 8))
is_ripe = measured[:, 0] - measured[:, 1] + numbers.normal(0, 0.5, 3_000) > 0

grid = {"C": [0.0003, 0.01, 1], "penalty": ["l1", "l2"], "solver": ["saga"]}
search = GridSearchCV(LogisticRegression(max_iter=100, random_state=11), grid, cv=3, scoring="accuracy", n_jobs=-1)
search.fit(measured, is_ripe)

results = pd.DataFrame(search.cv_results_)
print(f"{len(results)} candidates; the best: C={search.best_params_['C']}, {search.best_params_['penalty']}")
print(results[["param_C", "param_penalty", "mean_test_score"]].round(3).sort_values("mean_test_score", ascending=False).to_string(index=False))
print(f"Right about the first fruit: {search.predict(measured[:1])[0] == is_ripe[0]}")
