"""Writes reduce.json: what scikit-learn and scipy make of matrices made here. Run: python3 reduce.py

The values are rounded to 32 bits first, so that both sides see the same numbers.
"""

import json
import pathlib

import numpy as np
import scipy.sparse
import sklearn
from sklearn.decomposition import PCA, TruncatedSVD

rng = np.random.default_rng(20261124)
x = rng.normal(size=(120, 3)) @ rng.normal(size=(3, 6)) + 0.1 * rng.normal(size=(120, 6)) + 50
x = x.astype(np.float32).astype(np.float64)
weights = rng.integers(0, 3, 120)
sparse = scipy.sparse.random(80, 40, density=0.15, random_state=7, format="csr", dtype=np.float32)


def upright(vectors):
    """Each row with its largest element positive."""
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=1)[:, None], axis=1)
    return vectors * np.sign(largest)


def components(values):
    model = PCA(4).fit(values)
    return {
        "vectors": upright(model.components_).ravel().tolist(),
        "variances": model.explained_variance_.tolist(),
        "shares": model.explained_variance_ratio_.tolist(),
        "means": model.mean_.tolist(),
    }


def singular(values):
    model = TruncatedSVD(5, algorithm="arpack", random_state=0).fit(values)
    return {"vectors": upright(model.components_).ravel().tolist(), "values": model.singular_values_.tolist()}


oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/reduce.py",
    "rows": x.tolist(),
    "weights": weights.tolist(),
    "sparse": {
        "width": 40,
        "offsets": sparse.indptr.tolist(),
        "indices": sparse.indices.tolist(),
        "values": sparse.data.astype(float).tolist(),
    },
    "pca": components(x),
    "pca_weighted": components(np.repeat(x, weights, axis=0)),
    "whitened": np.abs(PCA(4, whiten=True).fit_transform(x)).ravel().tolist(),
    "svd_sparse": singular(sparse.astype(float)),
    "svd_dense": singular(sparse.toarray().astype(float)),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
