"""The peer of bench/ml-als.ts: implicit's alternating least squares by conjugate gradients, on the same interactions.

implicit's confidence is the value itself; it is given 1 + value, as alpha = 1 means there.
"""

from peer import THREADS, measured, serve

import implicit
import numpy as np
import scipy.sparse as sp


def run(data, parameters):
    users, items = parameters["users"], parameters["items"]
    confidence = sp.csr_matrix(
        (data["values"] + 1, data["indices"].astype(np.int32), data["offsets"].astype(np.int32)), shape=(users, items)
    )
    model = implicit.cpu.als.AlternatingLeastSquares(
        factors=parameters["factors"],
        regularization=parameters["l2"],
        alpha=1.0,
        iterations=parameters["iterations"],
        num_threads=THREADS,
        random_state=0,
    )
    _, cost = measured(lambda: model.fit(confidence, show_progress=False))
    return {**cost, "loss": loss(confidence, model, parameters["l2"])}


def loss(confidence, model, l2):
    x, y = model.user_factors.astype(float), model.item_factors.astype(float)
    cells = confidence.tocoo()
    total = 0.0
    for at in range(0, cells.nnz, 200_000):
        part = slice(at, at + 200_000)
        score = np.einsum("ij,ij->i", x[cells.row[part]], y[cells.col[part]])
        total += float((cells.data[part] * (1 - score) ** 2 - score * score).sum())
    return total + float(((x.T @ x) * (y.T @ y)).sum()) + l2 * float((x**2).sum() + (y**2).sum())


serve(run)
