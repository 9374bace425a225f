"""Fits scikit-learn's LogisticRegression to the matrix that bench/features.ts wrote; prints a line of JSON.

The file holds float32 by column, `columns` of `rows` each, then the target. Arguments: file, rows, columns, C.
"""

import json
import os
import sys
import time

path, rows, columns, c = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.metrics import log_loss  # noqa: E402

values = np.fromfile(path, dtype=np.float32).reshape(columns + 1, rows)
x, y = np.ascontiguousarray(values[:-1].T), values[-1].astype(int)
started = time.perf_counter()
model = LogisticRegression(C=c, solver="lbfgs", tol=1e-6, max_iter=1000).fit(x, y)
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "log_loss": log_loss(y, model.predict_proba(x)[:, 1]), "iterations": int(model.n_iter_[0])}))
