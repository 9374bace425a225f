"""The peer of bench/ml-topk.ts: the matrix times the query by BLAS, then argpartition and a sort of what is left."""

import time

from peer import measured, serve

import numpy as np


def run(data, parameters):
    vectors, queries, k = data["vectors"], data["queries"], parameters["k"]
    times, found = [], []

    def answer(query):
        scores = vectors @ query
        best = np.argpartition(-scores, k)[:k]
        return best[np.argsort(-scores[best], kind="stable")]

    def all_queries():
        for query in queries:
            started = time.perf_counter()
            found.append(answer(query))
            times.append(time.perf_counter() - started)

    _, cost = measured(all_queries)
    # order does not matter: a sum that agrees when the same items were found
    return {
        **cost,
        "p50": float(np.percentile(times, 50)),
        "p99": float(np.percentile(times, 99)),
        "found": int(sum(int(ids.sum()) for ids in found)),
    }


serve(run)
