"""A logistic model: how likely is it, and how good is the answer?"""

import numpy as np

import plait.array as da
from plait.ml.linear_model import LogisticRegression
from plait.ml.metrics import accuracy_score, log_loss

numbers = da.random.default_rng(10)
weather = numbers.normal(size=(60_000, 3), chunks=(10_000, 3))
is_rain = (2 * weather[:, 0] - weather[:, 1] + numbers.logistic(size=60_000, chunks=10_000) > 1).astype(int)

past, future = weather[:50_000], weather[50_000:]
model = LogisticRegression(max_iter=100, solver="lbfgs").fit(past, is_rain[:50_000])
truth, likely = is_rain[50_000:], model.predict_proba(future)

print(f"Accuracy: {accuracy_score(truth, model.predict(future)):.3f}; log loss: {log_loss(truth, likely):.3f}")
print(f"Coefficients: {np.round(model.coef_, 1)}, those of the data: 2, -1, 0")
said = likely[:, 1] > 0.8
print(f"Where it said rain with more than 0.8, it rained {truth[said].mean().compute():.2f} of the time")
