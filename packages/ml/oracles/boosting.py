"""Writes boosting.json: how well LightGBM does on small data made here, loss by loss. Run: python3 boosting.py

Trees of two libraries differ in detail (bins, ties, rounding), so what is kept is the quality on rows that neither saw.
"""

import json
import pathlib

import lightgbm
import numpy as np

rng = np.random.default_rng(20261125)
rows, learned, levels = 1500, 1000, 12
x = np.round(rng.normal(size=(rows, 4)), 3)
category = rng.integers(0, levels, size=rows).astype(float)
effect = rng.normal(size=levels)
signal = 1.2 * x[:, 0] - 0.8 * x[:, 1] + x[:, 0] * x[:, 2] + effect[category.astype(int)]
x[rng.uniform(size=x.shape) < 0.08] = np.nan
signal += np.where(np.isnan(x[:, 1]), 1.0, 0.0)
weights = np.round(rng.uniform(0.5, 2.0, size=rows), 2)
group_size = 20
relevance = np.clip(np.round(signal + rng.normal(size=rows)), 0, 4)
targets = {
    "logistic": (rng.uniform(size=rows) < 1 / (1 + np.exp(-signal))).astype(float),
    "softmax": np.digitize(signal + 0.5 * rng.normal(size=rows), [-1.0, 1.0]).astype(float),
    "squared": np.round(signal + 0.5 * rng.normal(size=rows), 3),
    "poisson": rng.poisson(np.exp(0.4 * signal)).astype(float),
    "quantile": np.round(signal * (1 + 0.5 * rng.exponential(size=rows)), 3),
    "ranking": relevance,
}
features = np.c_[x, category]
common = {
    "num_leaves": 15,
    "learning_rate": 0.1,
    "min_data_in_leaf": 20,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "seed": 1,
}
objectives = {
    "logistic": {"objective": "binary"},
    "softmax": {"objective": "multiclass", "num_class": 3},
    "squared": {"objective": "regression"},
    "poisson": {"objective": "poisson"},
    "quantile": {"objective": "quantile", "alpha": 0.8},
    "ranking": {"objective": "lambdarank"},
}
ROUNDS = 60


def scores(name):
    group = [group_size] * (learned // group_size) if name == "ranking" else None
    data = lightgbm.Dataset(
        features[:learned],
        targets[name][:learned],
        weight=None if name == "ranking" else weights[:learned],
        group=group,
        categorical_feature=[4],
    )
    model = lightgbm.train({**common, **objectives[name]}, data, ROUNDS)
    return model.predict(features[learned:])


def pairs(values):
    return [None if np.isnan(v) else v for v in values]


oracle = {
    "made_by": f"LightGBM {lightgbm.__version__}, oracles/boosting.py",
    "learned": learned,
    "rounds": ROUNDS,
    "group_size": group_size,
    "columns": {name: pairs(x[:, j]) for j, name in enumerate("abcd")},
    "category": category.astype(int).tolist(),
    "weights": weights.tolist(),
    "targets": {name: y.tolist() for name, y in targets.items()},
    "predictions": {name: np.round(scores(name), 4).ravel().tolist() for name in objectives},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle, separators=(",", ":")) + "\n")
