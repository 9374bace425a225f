"""The peer of bench/ml-lifetime.ts: lifetimes' BG/NBD, and scikit-learn's area under the ROC curve."""

import warnings

from peer import measured, serve

warnings.filterwarnings("ignore")  # lifetimes is older than the numpy that it runs on


def run(data, parameters):
    return auc(data) if parameters["work"] == "auc" else fit(data, parameters["rows"])


def fit(data, rows):
    from lifetimes import BetaGeoFitter

    history = [data[name][:rows].astype(float) for name in ("frequency", "recency", "age")]
    fitter = BetaGeoFitter()
    _, cost = measured(lambda: fitter.fit(*history))
    r, alpha, a, b = (float(fitter.params_[name]) for name in ("r", "alpha", "a", "b"))
    return {**cost, "r": r, "alpha": alpha, "a": a, "b": b}


def auc(data):
    from sklearn.metrics import roc_auc_score

    value, cost = measured(lambda: roc_auc_score(data["target"], data["scores"]))
    return {**cost, "auc": float(value)}


serve(run)
