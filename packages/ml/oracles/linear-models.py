"""Writes linear-models.json: what scikit-learn, scipy and statsmodels say of small data made here. Run: python3 linear-models.py

The values are rounded to 32 bits first, so that both sides see the same numbers. Penalties are told as ours are: beside
summed losses, where scikit-learn divides by the sum of the weights (alpha) or takes the inverse (C).
"""

import json
import pathlib

import numpy as np
import sklearn
import statsmodels.api as sm
from sklearn.linear_model import (
    ElasticNet,
    GammaRegressor,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
)

rng = np.random.default_rng(7)
rows = 160
x = rng.normal(size=(rows, 4)) @ (np.eye(4) + 0.3) * [1.0, 3.0, 0.5, 1.0] + [0.0, 5.0, -1.0, 1.0]
x = x.astype(np.float32).astype(np.float64)
weights = rng.integers(0, 4, size=rows).astype(float)
z = 0.5 * x[:, 0] - 0.2 * x[:, 1] + 0.8 * x[:, 2]


def rounded(values):
    return values.astype(np.float32).astype(np.float64)


amount = rounded(2 + 3 * z + rng.normal(size=rows))
count = rng.poisson(np.exp(0.5 + 0.5 * z)).astype(float)
positive = rounded(np.exp(1 + z) * rng.gamma(3, 1 / 3, size=rows))
binary = (rng.uniform(size=rows) < 1 / (1 + np.exp(-z - 0.5))).astype(int)
label = np.digitize(z + 0.7 * rng.logistic(size=rows), [-1.5, 0.3])


def single(model):
    return [float(np.ravel(model.intercept_)[0]), *map(float, np.ravel(model.coef_))]


def many(model):
    return np.c_[model.intercept_ - model.intercept_.mean(), model.coef_].ravel().tolist()


def fits(weight):
    total = weight.sum()
    options = {"sample_weight": weight}

    def elastic(l1, l2):
        model = ElasticNet(alpha=(l1 + l2) / total, l1_ratio=l1 / (l1 + l2), tol=1e-12, max_iter=100000)
        return single(model.fit(x, amount, **options))

    def log_link(kind, target, l2):
        return single(kind(alpha=l2 / total, tol=1e-10, max_iter=10000).fit(x, target, **options))

    def logistic(target, l1, l2):
        # saga alone takes both penalties, and only it and liblinear take L1; it wants many passes
        given = {"solver": "lbfgs"} if l1 == 0 else {"solver": "saga", "l1_ratio": l1 / (l1 + l2)}
        return LogisticRegression(C=1 / (l1 + l2), tol=1e-11, max_iter=200000, **given).fit(x, target, **options)

    repeated = np.repeat(np.arange(rows), weight.astype(int))
    ols = sm.OLS(amount[repeated], sm.add_constant(x[repeated])).fit()
    return {
        "least_squares": single(LinearRegression().fit(x, amount, **options)),
        "standard_errors": ols.bse.tolist(),
        "residual": float(np.sqrt(ols.mse_resid)),
        "ridge": single(Ridge(alpha=30, tol=1e-12).fit(x, amount, **options)),
        "lasso": elastic(40, 0),
        "elastic_net": elastic(20, 15),
        "logistic_l1": single(logistic(binary, 6, 0)),
        "logistic_both": single(logistic(binary, 4, 2)),
        "softmax": many(logistic(label, 0, 2)),
        "softmax_l1": logistic(label, 4, 0).predict_proba(x).ravel().tolist(),
        "softmax_probabilities": logistic(label, 0, 2).predict_proba(x).ravel().tolist(),
        "poisson": log_link(PoissonRegressor, count, 5),
        "poisson_free": log_link(PoissonRegressor, count, 0),
        "gamma": log_link(GammaRegressor, positive, 5),
    }


oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/linear-models.py",
    "columns": {name: x[:, j].tolist() for j, name in enumerate("abcd")},
    "weights": weights.tolist(),
    "targets": {
        "amount": amount.tolist(),
        "count": count.tolist(),
        "positive": positive.tolist(),
        "binary": binary.tolist(),
        "label": label.tolist(),
    },
    "plain": fits(np.ones(rows)),
    "weighted": fits(weights),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
