"""Boosted trees of LightGBM, XGBoost and scikit-learn, each from the plain matrix: binning is part of what is timed."""

import numpy as np
from peer import THREADS, measured, serve


def lightgbm_fit(data, categories):
    import lightgbm

    parameters = {
        "objective": "binary",
        "num_leaves": 31,
        "learning_rate": 0.1,
        "max_bin": 255,
        "min_data_in_leaf": 20,
        "num_threads": THREADS,
        "verbose": -1,
    }

    def work():
        rows = lightgbm.Dataset(
            data["x"], data["y"], weight=data.get("w"), categorical_feature=categories or "auto"
        )
        return lightgbm.train(parameters, rows, 100)

    return work, lambda model, x: model.predict(x, num_threads=THREADS)


def xgboost_fit(data, categories):
    import xgboost

    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": 31,
        "max_depth": 0,
        "eta": 0.1,
        "max_bin": 255,
        "lambda": 0,
        "min_child_weight": 1e-3,
        "nthread": THREADS,
        "verbosity": 0,
    }
    types = ["c" if j in categories else "q" for j in range(data["x"].shape[1])]
    kind = {"feature_types": types, "enable_categorical": True, "nthread": THREADS}

    def work():
        rows = xgboost.QuantileDMatrix(data["x"], data["y"], weight=data.get("w"), max_bin=255, **kind)
        return xgboost.train(parameters, rows, 100)

    return work, lambda model, x: model.predict(xgboost.DMatrix(x, **kind))


def sklearn_fit(data, categories):
    from sklearn.ensemble import HistGradientBoostingClassifier

    def work():
        return HistGradientBoostingClassifier(
            max_iter=100,
            max_leaf_nodes=31,
            learning_rate=0.1,
            min_samples_leaf=20,
            early_stopping=False,
            categorical_features=categories or None,
        ).fit(data["x"], data["y"], sample_weight=data.get("w"))

    return work, lambda model, x: model.predict_proba(x)[:, 1]


FITS = {"LightGBM": lightgbm_fit, "XGBoost": xgboost_fit, "scikit-learn": sklearn_fit}


def auc(p, y):
    order = np.argsort(p, kind="stable")
    ranks = np.empty(len(p))
    ranks[order] = np.arange(1, len(p) + 1)
    positives = y.sum()
    return (ranks[y > 0.5].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives))


def run(data, parameters):
    work, predict = FITS[parameters["library"]](data, parameters["categories"])
    model, cost = measured(work)
    p = np.clip(predict(model, data["x_test"]), 1e-12, 1 - 1e-12).astype(float)
    y = data["y_test"]
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return {**cost, "auc": float(auc(p, y)), "log_loss": float(loss)}


serve(run)
