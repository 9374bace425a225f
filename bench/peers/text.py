"""TfidfVectorizer and LinearSVC on the texts of bench/ml-text.ts: from texts to a model, and its accuracy."""

from peer import measured, serve
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

VECTORISERS = {
    "words 1": lambda: TfidfVectorizer(sublinear_tf=True),
    "words 1-2": lambda: TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
    "words 1-2, characters 3-4": lambda: make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        TfidfVectorizer(sublinear_tf=True, ngram_range=(3, 4), analyzer="char"),
    ),
}


def run(data, parameters):
    train, test = (bytes(data[name]).decode().split("\n") for name in ("train", "test"))
    model = make_pipeline(VECTORISERS[parameters["grams"]](), LinearSVC())
    _, cost = measured(lambda: model.fit(train, data["train_classes"]))
    return {**cost, "accuracy": float((model.predict(test) == data["test_classes"]).mean())}


serve(run)
