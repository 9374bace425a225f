"""scikit-learn's random forest and LightGBM's trees on the columns that bench/ml-forest.ts made.

Parameters: work. `forest`: fit `trees` trees to the first `rows` rows; tells the AUC on the last `later` rows. `predict`
and `explain`: LightGBM's prediction and Shapley values of the first `rows` rows, by `trees` trees of `leaves` leaves.
"""

from peer import THREADS, measured, serve

import numpy as np  # isort: skip
import lightgbm
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

kept = {}


def by_row(data):
    """By row, as both like them; made once."""
    if "x" not in kept:
        kept["x"] = np.ascontiguousarray(data["x"].T)
    return kept["x"]


def boosted(data, parameters):
    """Trained once, on what the forest is."""
    if "model" not in kept:
        settings = {"objective": "binary", "num_leaves": parameters["leaves"], "num_threads": THREADS, "verbosity": -1}
        rows = parameters["train"]
        train = lightgbm.Dataset(by_row(data)[:rows], data["y"][:rows])
        kept["model"] = lightgbm.train(settings, train, parameters["trees"])
    return kept["model"]


def run(data, parameters):
    x, rows = by_row(data), parameters["rows"]
    if parameters["work"] == "forest":
        model = RandomForestClassifier(parameters["trees"], n_jobs=THREADS, random_state=0)
        _, cost = measured(lambda: model.fit(x[:rows], data["y"][:rows]))
        later = slice(-parameters["later"], None)
        return {**cost, "auc": roc_auc_score(data["y"][later], model.predict_proba(x[later])[:, 1])}
    model, explain = boosted(data, parameters), parameters["work"] == "explain"
    _, cost = measured(lambda: model.predict(x[:rows], pred_contrib=explain, num_threads=THREADS))
    return cost


serve(run)
