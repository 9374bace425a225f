"""scikit-learn's and LightGBM's families on the same rows: every setting of the same grid on each split, the best by log loss
fitted again to all rows, and Platt's calibration. The grid comes with the call."""

import warnings

import numpy as np
from peer import THREADS, measured, serve

import lightgbm
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore", category=ConvergenceWarning)
warnings.filterwarnings("ignore", category=UserWarning)


def made(family, p):
    if family == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(C=1 / p["l2"], max_iter=500))
    if family == "tree":
        return DecisionTreeClassifier(
            criterion="entropy", max_leaf_nodes=p["leaves"], min_samples_leaf=p["minLeaf"], random_state=1
        )
    if family == "forest":
        return RandomForestClassifier(
            n_estimators=p["trees"], criterion="entropy", max_depth=9, max_leaf_nodes=96,
            min_samples_leaf=p["minLeaf"], n_jobs=THREADS, random_state=1,
        )
    if family == "boosting":
        return lightgbm.LGBMClassifier(
            n_estimators=p.get("trees", 160), num_leaves=p["leaves"], min_child_samples=p["minLeaf"],
            learning_rate=p["learningRate"], colsample_bytree=0.5, subsample=0.8, subsample_freq=1,
            reg_lambda=5, max_bin=127, n_jobs=THREADS, verbosity=-1, random_state=1,
        )
    return make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=(p["units"],), alpha=p["l2"], learning_rate_init=0.005, max_iter=40,
            batch_size=128, early_stopping=True, validation_fraction=0.15, n_iter_no_change=5, random_state=1,
        ),
    )


def competed(data, parameters):
    x, y, rows = data["x"], data["y"], parameters["tune_rows"]
    rng = np.random.default_rng(1)
    drawn = lambda low, high: np.sort(rng.permutation(high - low)[:rows] + low)
    splits = [(drawn(0, low), drawn(low, high)) for low, high in parameters["judged"]]
    best = None
    for family, points in parameters["grid"].items():
        for point in points:
            losses = []
            for train, test in splits:
                model = made(family, point).fit(x[train], y[train])
                losses.append(log_loss(y[test], model.predict_proba(x[test])[:, 1]))
            if best is None or np.mean(losses) < best[0]:
                best = (np.mean(losses), family, point)
    _, family, point = best
    most = min(len(y), parameters["most_rows"][family])
    all_rows = rng.permutation(len(y))[:most]
    model = made(family, point).fit(x[all_rows], y[all_rows])
    odds = lambda table: np.log(np.clip(model.predict_proba(table)[:, 1], 1e-6, 1 - 1e-6)[:, None])
    line = LogisticRegression(C=1e6).fit(odds(data["x_later"]), data["y_later"])
    return family, lambda table: line.predict_proba(odds(table))[:, 1]


def run(data, parameters):
    (family, predict), cost = measured(lambda: competed(data, parameters))
    told = predict(data["x_test"])
    return {
        **cost,
        "family": list(parameters["grid"]).index(family),
        "auc": roc_auc_score(data["y_test"], told),
        "log_loss": log_loss(data["y_test"], told),
    }


serve(run)
