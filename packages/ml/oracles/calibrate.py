"""Writes calibrate.json: beta calibration and temperature scaling by scipy, isotonic with weights by scikit-learn.

Run: python3 calibrate.py
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_expit, log_softmax
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(5)
n = 400
x = rng.normal(-0.5, 2, n)
y = (rng.uniform(size=n) < expit(0.4 * x + 0.7 * np.maximum(x, 0))).astype(float)
w = rng.integers(0, 4, n).astype(float)


def line(features, weights):
    positives, negatives = weights[y == 1].sum(), weights[y == 0].sum()
    soft = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    loss = lambda b: np.sum(weights * (np.logaddexp(0, features @ b) - soft * (features @ b)))
    gradient = lambda b: features.T @ (weights * (expit(features @ b) - soft))
    return minimize(loss, np.zeros(features.shape[1]), jac=gradient, method="BFGS", options=dict(gtol=1e-10)).x


ones = np.ones(n)
at = np.array([-4.0, -1.0, 0.0, 0.5, 3.0])
platt = lambda weights: line(np.column_stack([ones, x]), weights)
beta = lambda weights: line(np.column_stack([ones, log_expit(x), -log_expit(-x)]), weights)
tell = lambda b: expit(b[0] + b[1] * log_expit(at) - b[2] * log_expit(-at)).tolist()
scores = np.round(x, 1)
logits = rng.normal(0, 2, (200, 3))
label = np.array([rng.choice(3, p=np.exp(row)) for row in log_softmax(logits / 2.5, axis=1)])
wide = minimize_scalar(
    lambda u: -log_softmax(logits / np.exp(u), axis=1)[np.arange(200), label].sum(), bounds=(-3, 3), method="bounded",
    options=dict(xatol=1e-12),
)
oracle = {
    "made_by": f"scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, oracles/calibrate.py",
    "x": x.tolist(),
    "y": y.tolist(),
    "w": w.tolist(),
    "at": at.tolist(),
    "platt": expit(platt(ones)[0] + platt(ones)[1] * at).tolist(),
    "beta": {"coefficients": beta(ones).tolist(), "told": tell(beta(ones)), "weighted": tell(beta(w))},
    "scores": scores.tolist(),
    "isotonic": IsotonicRegression().fit(scores, y, sample_weight=w).predict(scores[w > 0]).tolist(),
    "probabilities": np.exp(log_softmax(logits, axis=1)).ravel().tolist(),
    "label": label.tolist(),
    "temperature": float(np.exp(wide.x)),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
