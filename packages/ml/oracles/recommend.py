"""Writes recommend.json: what implicit and numpy say of interactions made here. Run: python3 recommend.py

implicit's confidence is the value itself, ours 1 + alpha x value: it is given 1 + value.
"""

import json
import pathlib

import implicit
import numpy as np
import scipy.sparse as sp

rng = np.random.default_rng(20261124)
users, items, factors = 60, 40, 6
taste, kind = rng.normal(size=(users, 3)), rng.normal(size=(items, 3))
odds = taste @ kind.T - 1.4 + 0.5 * rng.normal(size=items)
values = np.where(rng.uniform(size=odds.shape) < 1 / (1 + np.exp(-odds)), rng.integers(1, 5, size=odds.shape), 0)
matrix = sp.csr_matrix(values.astype(np.float32))


def flat(array):
    return [float(f"{value:.7g}") for value in np.asarray(array).ravel()]


def als():
    confidence = matrix.copy()
    confidence.data = confidence.data + 1
    model = implicit.cpu.als.AlternatingLeastSquares(
        factors=factors, regularization=0.3, alpha=1.0, iterations=4, num_threads=1
    )
    x = (rng.normal(size=(users, factors)) * 0.1).astype(np.float32)
    y = (rng.normal(size=(items, factors)) * 0.1).astype(np.float32)
    start = {"x0": flat(x), "y0": flat(y)}
    model.user_factors, model.item_factors = x, y
    model.fit(confidence, show_progress=False)
    return {**start, "x": flat(model.user_factors), "y": flat(model.item_factors)}


def neighbours(model):
    # one more, because implicit counts an item among its own neighbours
    model.fit(matrix, show_progress=False)
    likeness = model.similarity.toarray()
    np.fill_diagonal(likeness, 0)
    return flat(likeness)


def ease(l2, dropout):
    x = (matrix.toarray() > 0).astype(float)
    gram = x.T @ x
    gram[np.diag_indices(items)] = gram[np.diag_indices(items)] * (1 + dropout) + l2
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return flat(weights)


oracle = {
    "made_by": f"implicit {implicit.__version__}, numpy {np.__version__}, oracles/recommend.py",
    "users": users,
    "items": items,
    "factors": factors,
    "offsets": matrix.indptr.tolist(),
    "indices": matrix.indices.tolist(),
    "values": flat(matrix.data),
    "als": als(),
    "cosine": neighbours(implicit.nearest_neighbours.CosineRecommender(K=items, num_threads=1)),
    "tfidf": neighbours(implicit.nearest_neighbours.TFIDFRecommender(K=items, num_threads=1)),
    "bm25": neighbours(implicit.nearest_neighbours.BM25Recommender(K=items, K1=1.2, B=0.75, num_threads=1)),
    "ease": ease(20, 0),
    "ease_dropout": ease(20, 0.5),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
