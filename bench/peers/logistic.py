"""scikit-learn's linear models on the columns that bench/ml-logistic.ts made, and the objective that each reached.

Parameters: model (logistic, softmax or ridge), rows to take, l2, tolerance. The objective is per row: the summed loss and
l2/2 |b|^2, in double precision.
"""

from peer import measured, serve

import numpy as np  # isort: skip
from sklearn.linear_model import LogisticRegression, Ridge

by_row = {}


def rows_of(data, rows):
    """The first rows, by row as scikit-learn likes them; made once."""
    if rows not in by_row:
        by_row.clear()
        by_row[rows] = np.ascontiguousarray(data["x"][:, :rows].T)
    return by_row[rows]


def log_loss(model, x, y):
    scores = model.decision_function(x).astype(np.float64)
    if scores.ndim == 1:
        return np.logaddexp(0, scores) - y * scores
    most = scores.max(axis=1, keepdims=True)
    return np.log(np.exp(scores - most).sum(axis=1)) + most[:, 0] - scores[np.arange(len(y)), y.astype(int)]


def run(data, parameters):
    rows, l2, name = parameters["rows"], parameters["l2"], parameters["model"]
    x = rows_of(data, rows)
    y = data[{"logistic": "binary", "softmax": "label", "ridge": "amount"}[name]][:rows]
    if name == "ridge":
        model, cost = measured(lambda: Ridge(alpha=l2).fit(x, y))
        loss = 0.5 * (y - model.predict(x).astype(np.float64)) ** 2
    else:
        model, cost = measured(
            lambda: LogisticRegression(
                C=1 / l2, solver="lbfgs", tol=parameters["tolerance"], max_iter=1000
            ).fit(x, y)
        )
        loss = log_loss(model, x, y)
    squares = float((np.ravel(model.coef_).astype(np.float64) ** 2).sum())
    iterations = int(np.ravel(getattr(model, "n_iter_", 0) or 0)[0])
    return {**cost, "objective": float(loss.mean()) + l2 / 2 * squares / rows, "iterations": iterations}


serve(run)
