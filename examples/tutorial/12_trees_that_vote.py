"""A forest: trees that vote, and what their votes depend on."""

import plait.array as da
from plait.ml.ensemble import RandomForestClassifier
from plait.ml.metrics import accuracy_score, classification_report

numbers = da.random.default_rng(12)
plots = numbers.uniform(size=(40_000, 4), chunks=(10_000, 4))
wet, sunny = plots[:, 0], plots[:, 1]
grows = da.where((wet - 0.5) ** 2 + (sunny - 0.5) ** 2 < 0.1, 1, 0)  # a circle: no straight line parts it

forest = RandomForestClassifier(n_estimators=10, max_depth=10, random_state=12, n_jobs=-1)
forest.fit(plots[:30_000], grows[:30_000])
said, truth = forest.predict(plots[30_000:]), grows[30_000:]

print(f"Accuracy: {accuracy_score(truth, said):.3f}")
for name, importance in zip(["wet", "sunny", "height", "slope"], forest.feature_importances_):
    print(f"  {name:6} {importance:.2f}")
print(classification_report(truth, said, target_names=["bare", "grows"]))
