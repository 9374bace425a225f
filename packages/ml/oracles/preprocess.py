"""Writes preprocess.json: what scikit-learn and scipy make of columns made here. Run: python3 preprocess.py

The values are rounded to 32 bits first, so that both sides see the same numbers.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.preprocessing import (
    KBinsDiscretizer,
    OneHotEncoder,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

rng = np.random.default_rng(20261124)
rows = 160
x = np.c_[
    rng.normal(3, 2, rows),
    np.exp(rng.normal(1, 0.8, rows)),
    rng.gamma(2, 1.5, rows) + 0.5,
    rng.integers(0, 4, rows),
]
x = x.astype(np.float32).astype(np.float64)
weights = rng.integers(0, 4, rows)
repeated = np.repeat(x, weights, axis=0)
cities = np.array(["Lyon", "Nice", "Paris", "Lille", "Brest", "Metz"])
city = cities[rng.choice(6, size=rows, p=[0.3, 0.25, 0.2, 0.15, 0.07, 0.03])]
target = (rng.uniform(size=rows) < np.where(city == "Lyon", 0.7, 0.3)).astype(float)
word = city.reshape(-1, 1)


def power(method, values):
    made = PowerTransformer(method=method).fit(values)
    return {"powers": made.lambdas_.tolist(), "values": made.transform(values).ravel().tolist()}


bins = KBinsDiscretizer(n_bins=4, encode="ordinal", strategy="quantile", quantile_method="linear", subsample=None)
oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/preprocess.py",
    "columns": {name: x[:, j].tolist() for j, name in enumerate("abcd")},
    "weights": weights.tolist(),
    "city": city.tolist(),
    "target": target.tolist(),
    "standard_weighted": StandardScaler().fit(x, sample_weight=weights).transform(x).ravel().tolist(),
    "robust": RobustScaler().fit_transform(x).ravel().tolist(),
    "robust_weighted": RobustScaler().fit(repeated).transform(x).ravel().tolist(),
    "box_cox": power("box-cox", x[:, 1:3]),
    "yeo_johnson": power("yeo-johnson", x[:, :3]),
    "bins": bins.fit_transform(x).ravel().tolist(),
    "target_encoded": TargetEncoder(smooth=5.0, target_type="continuous").fit(word, target).transform(word).ravel().tolist(),
    "one_hot": OneHotEncoder(min_frequency=15, sparse_output=False).fit_transform(word).ravel().tolist(),
    "quantiles": np.quantile(repeated[:, 1], [0, 0.01, 0.3, 0.5, 0.99, 1]).tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
