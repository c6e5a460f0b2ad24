"""Ten candidates that share their TF-IDF, three folds, on documents in memory."""

TITLE = "GridSearchCV with a shared TF-IDF prefix, 10 candidates, 3 folds, 20k documents"
TARGET_BEST = 2
# Of the score.
RELATIVE_TOLERANCE = 5e-3
WORDS, WORDS_A_DOCUMENT, FOLDS = 20_000, 60, 3
GRID = {"model__C": [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300]}


def num_documents(quick):
    return 600 if quick else 20_000


def documents_and_classes(count):
    """Documents of words that are the rarer the higher their number; of a tenth of them each class has its own."""
    import numpy as np

    generator = np.random.default_rng(1)
    words = np.array([f"word{i:05}" for i in range(WORDS)])
    ranks = (WORDS * generator.random((count, WORDS_A_DOCUMENT)) ** 3).astype(np.int64)
    classes = generator.integers(0, 2, count)
    telling = generator.random(ranks.shape) < 0.1
    ranks = np.where(telling, ranks // 2 * 2 + classes[:, None], ranks)
    return [" ".join(row) for row in words[ranks]], classes


def answer(search):
    return [float(search.best_score_), sorted(float(each) for each in search.cv_results_["mean_test_score"])]


def plait(quick):
    from sklearn.pipeline import Pipeline

    from plait.ml.feature_extraction.text import TfidfVectorizer
    from plait.ml.linear_model import LogisticRegression
    from plait.ml.model_selection import GridSearchCV

    documents, classes = documents_and_classes(num_documents(quick))
    steps = Pipeline([("tfidf", TfidfVectorizer()), ("model", LogisticRegression(max_iter=1000))])
    return lambda: answer(GridSearchCV(steps, GRID, cv=FOLDS, n_jobs=-1).fit(documents, classes))


def sklearn(quick):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import Pipeline

    documents, classes = documents_and_classes(num_documents(quick))
    steps = Pipeline([("tfidf", TfidfVectorizer()), ("model", LogisticRegression(max_iter=1000))])
    return lambda: answer(GridSearchCV(steps, GRID, cv=FOLDS, n_jobs=2).fit(documents, classes))


SYSTEMS = {"plait": plait, "sklearn": sklearn}


def limit(machine, quick):
    # Each fold's documents are looked at once.
    return FOLDS * num_documents(quick) * WORDS_A_DOCUMENT * 10 * 1e-9 / machine["read_gb_s"]
