"""Writes neural.json: what scikit-learn and numpy say of small networks with given weights. Run: python3 neural.py

scikit-learn tells gradients by one step of gradient descent with a rate of 1 over all rows; its loss is told without the
penalty. Values are rounded to 32 bits first, so that both sides see the same numbers.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261125)
ROWS, INPUTS = 60, 5


def rounded(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


x = rounded(rng.normal(size=(ROWS, INPUTS)))
score = x @ rng.normal(size=INPUTS)
TARGETS = {
    "binary": (score > 0).astype(int),
    "classes": np.digitize(score, [-1, 1]),
    "squared": rounded(np.c_[score, np.sin(x[:, 0])]),
}
OUTPUTS = {"binary": 1, "classes": 3, "squared": 2}


def matrices(widths):
    pairs = list(zip(widths, widths[1:]))
    return [rounded(0.5 * rng.normal(size=p)) for p in pairs], [rounded(0.3 * rng.normal(size=p[1])) for p in pairs]


def stepped(loss, activation, weights, biases, iterations=1, **solver):
    """What is left of these weights after so many steps over all rows, and the loss before the last of them."""
    make = MLPRegressor if loss == "squared" else MLPClassifier
    model = make(
        hidden_layer_sizes=[w.shape[1] for w in weights[:-1]],
        activation={"sigmoid": "logistic"}.get(activation, activation),
        batch_size=ROWS, shuffle=False, warm_start=True, max_iter=1, n_iter_no_change=1000, **solver,
    )
    y = TARGETS[loss]
    model.fit(x, y)
    model.coefs_, model.intercepts_ = [w.copy() for w in weights], [b.copy() for b in biases]
    model.max_iter, model.n_iter_ = iterations, 0
    model.fit(x, y)
    penalty = 0.5 * solver["alpha"] * sum((w**2).sum() for w in weights) / ROWS
    return model.coefs_, model.intercepts_, model.loss_curve_[-iterations] - penalty


def network(loss, hidden, activation):
    weights, biases = matrices([INPUTS, *hidden, OUTPUTS[loss]])
    descent = dict(solver="sgd", momentum=0, nesterovs_momentum=False, learning_rate_init=1.0, alpha=3.0)
    after, shifts, value = stepped(loss, activation, weights, biases, **descent)
    adam, adam_biases, _ = stepped(loss, activation, weights, biases, 5, solver="adam", learning_rate_init=0.01, alpha=3.0)
    flat = lambda many: [m.ravel().tolist() for m in many]
    return {
        "loss": loss, "hidden": hidden, "activation": activation,
        "weights": flat(weights), "biases": flat(biases), "l2": 3.0 / ROWS,
        "value": value,
        "weight_gradients": flat([w - a for w, a in zip(weights, after)]),
        "bias_gradients": flat([b - a for b, a in zip(biases, shifts)]),
        "adam": {"rate": 0.01, "steps": 5, "weights": flat(adam), "biases": flat(adam_biases)},
    }


def embedded():
    """Embeddings, batch normalisation and GELU, by numpy: the loss in training and the scores in use."""
    table, codes = rounded(rng.normal(size=(4, 3))), rng.integers(0, 4, size=ROWS)
    weights, biases = matrices([INPUTS + 3, 6, 1])
    scales, shifts = rounded(rng.uniform(0.5, 1.5, 6)), rounded(rng.normal(size=6))
    means, variances = rounded(rng.normal(size=6)), rounded(rng.uniform(0.5, 2, 6))

    def scores(mean=None, variance=None):
        z = np.c_[x, table[codes]] @ weights[0] + biases[0]
        mean = z.mean(axis=0) if mean is None else mean
        variance = z.var(axis=0) if variance is None else variance
        z = (z - mean) / np.sqrt(variance + 1e-5) * scales + shifts
        a = 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
        return (a @ weights[1] + biases[1])[:, 0]

    y, s = TARGETS["binary"], scores()
    return {
        "table": table.ravel().tolist(), "codes": codes.tolist(),
        "weights": [w.ravel().tolist() for w in weights], "biases": [b.tolist() for b in biases],
        "scales": scales.tolist(), "shifts": shifts.tolist(), "means": means.tolist(), "variances": variances.tolist(),
        "training_loss": float((np.logaddexp(0, s) - y * s).mean()),
        "scores": scores(means, variances).tolist(),
    }


def adam_steps():
    """Adam (Kingma and Ba 2015, with the corrections in the rate), AdamW and Nesterov's momentum, by numpy."""
    start, gradients = rounded(rng.normal(size=8)), rounded(rng.normal(size=(4, 8)))
    adam, adamw, nesterov = start.copy(), start.copy(), start.copy()
    m, v, u = np.zeros(8), np.zeros(8), np.zeros(8)
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        step = 0.01 * math.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-8)
        adam, adamw = adam - step, adamw - 0.01 * 0.1 * adamw - step
        u = 0.9 * u - 0.01 * g
        nesterov = nesterov + 0.9 * u - 0.01 * g
    return {"start": start.tolist(), "gradients": gradients.tolist(), "rate": 0.01, "decay": 0.1,
            "adam": adam.tolist(), "adamw": adamw.tolist(), "nesterov": nesterov.tolist()}


oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/neural.py",
    "columns": x.T.tolist(),
    "targets": {name: np.asarray(y, dtype=float).ravel().tolist() for name, y in TARGETS.items()},
    "networks": [
        network("binary", [7], "relu"),
        network("binary", [6, 4], "sigmoid"),
        network("classes", [8], "tanh"),
        network("squared", [9], "relu"),
    ],
    "embedded": embedded(),
    "steps": adam_steps(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
