"""Writes linear.json: what scikit-learn and numpy say of a small data set made here. Run: python linear.py

The values are rounded to 32 bits first, so that both sides see the same numbers.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261124)
rows = 240
x = rng.normal(size=(rows, 4)) * [1.0, 2.0, 0.5, 1.0] + [0.0, 1.0, -1.0, 3.0]
x[:, 2] = np.exp(2 * x[:, 2])
x = x.astype(np.float32).astype(np.float64)
odds = 0.8 * x[:, 0] - 0.5 * x[:, 1] + 0.7 * np.log1p(x[:, 2]) + 0.2
y = (rng.uniform(size=rows) < 1 / (1 + np.exp(-odds))).astype(int)
weights = rng.integers(0, 4, size=rows).astype(float)
holes = x.copy()
holes[rng.uniform(size=x.shape) < 0.1] = np.nan


def fitted(features, c, sample_weight=None):
    model = LogisticRegression(C=c, tol=1e-10, max_iter=5000).fit(features, y, sample_weight)
    p = model.predict_proba(features)[:, 1]
    weight = np.ones(rows) if sample_weight is None else sample_weight
    design = np.c_[np.ones(rows), features]
    hessian = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag([0] + [1 / c] * features.shape[1])
    return {
        "coefficients": [float(model.intercept_[0]), *map(float, model.coef_[0])],
        "covariance": np.linalg.inv(hessian).ravel().tolist(),
        "probabilities": p.tolist(),
    }


def pipeline():
    values = SimpleImputer(strategy="median", add_indicator=True).fit_transform(holes)
    values[:, 2] = np.log1p(values[:, 2])
    return fitted(StandardScaler().fit_transform(values), 0.5)


scores = np.round(odds, 1)
p = 1 / (1 + np.exp(-scores))
oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/linear.py",
    "columns": {name: x[:, j].tolist() for j, name in enumerate("abcd")},
    "holes": {name: [None if np.isnan(v) else v for v in holes[:, j]] for j, name in enumerate("abcd")},
    "target": y.tolist(),
    "weights": weights.tolist(),
    "ridge": fitted(x, 1.0),
    "weak": fitted(x, 100.0),
    "weighted": fitted(x, 1.0, weights),
    "pipeline": pipeline(),
    "scores": scores.tolist(),
    "metrics": {
        "auc": roc_auc_score(y, scores),
        "weighted_auc": roc_auc_score(y, scores, sample_weight=weights),
        "average_precision": average_precision_score(y, scores),
        "log_loss": log_loss(y, p),
        "brier": brier_score_loss(y, p),
    },
    "isotonic": IsotonicRegression().fit_transform(scores, y).tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
