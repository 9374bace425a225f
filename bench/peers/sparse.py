"""One pass of online logistic regression over the click log of bench/ml-sparse.ts, by scikit-learn or Vowpal Wabbit.

Vowpal Wabbit is timed in learning from examples that were parsed and hashed before: its Python module makes each from
features that are indices already, and only `learn` over them is in the time.
"""

from peer import measured, serve
import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss

VW_ROWS_AT_A_TIME = 20_000


def matrix(data, which, width):
    indices = data[which]
    rows, columns = indices.shape
    ones = np.ones(rows * columns, dtype=np.float32)
    return sp.csr_matrix((ones, indices.ravel().astype(np.int32), np.arange(0, rows * columns + 1, columns)), shape=(rows, width))


def sgd(data, parameters):
    width, rows = parameters["width"], parameters["rows"]
    train = matrix({"train": data["train"][:rows]}, "train", width)
    y = data["train_clicks"][:rows].astype(int)
    model = SGDClassifier(loss="log_loss", penalty=None, max_iter=1, tol=None, shuffle=False, learning_rate="invscaling",
                          eta0=parameters["eta"], power_t=parameters["power"])  # fmt: skip
    _, cost = measured(lambda: model.fit(train, y))
    found = model.predict_proba(matrix(data, "test", width))[:, 1]
    return {**cost, "log_loss": log_loss(data["test_clicks"], np.clip(found, 1e-9, 1 - 1e-9))}


def vowpal(data, parameters):
    import vowpalwabbit as vw

    bits = parameters["width"].bit_length() - 1
    learner = vw.Workspace(f"--quiet -b {bits} --loss_function logistic --link logistic {parameters['options']}")

    def examples(indices, clicks):
        lines = ((f"{2 * int(y) - 1} |x " + " ".join(map(str, row))) for row, y in zip(indices.tolist(), clicks))
        return [learner.parse(line) for line in lines]

    total = {"seconds": 0.0, "cpu_seconds": 0.0}
    for start in range(0, parameters["rows"], VW_ROWS_AT_A_TIME):
        stop = min(parameters["rows"], start + VW_ROWS_AT_A_TIME)
        batch = [each for each in examples(data["train"][start:stop], data["train_clicks"][start:stop])]
        _, cost = measured(lambda: [learner.learn(each) for each in batch])
        total = {name: total[name] + cost[name] for name in total}
        for each in batch:
            learner.finish_example(each)
    found = []
    for example in examples(data["test"], data["test_clicks"]):
        found.append(learner.predict(example))
        learner.finish_example(example)
    learner.finish()
    return {**total, "log_loss": log_loss(data["test_clicks"], np.clip(found, 1e-9, 1 - 1e-9))}


def run(data, parameters):
    return {"sgd": sgd, "vowpal": vowpal}[parameters["method"]](data, parameters)


serve(run)
