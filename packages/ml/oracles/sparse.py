"""Writes sparse.json: what scikit-learn and plain numpy say of small sparse rows made here. Run: python3 sparse.py

FTRL-Proximal is written here after algorithm 1 of McMahan and others 2013, factorisation machines after equation 1 of
Rendle 2010 with gradients by central differences; nothing is taken from the library that is checked. Values are
rounded to 32 bits first, so that both sides see the same numbers.
"""

import json
import pathlib

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.utils import murmurhash3_32

rng = np.random.default_rng(20261124)
ROWS, WIDTH = 150, 30
lists = [np.sort(rng.choice(WIDTH, rng.integers(1, 9), replace=False)) for _ in range(ROWS)]
values = [rng.uniform(0.2, 1.5, len(each)).astype(np.float32).astype(float) for each in lists]
indptr = np.cumsum([0, *map(len, lists)])
x = sp.csr_matrix((np.concatenate(values), np.concatenate(lists), indptr), shape=(ROWS, WIDTH))
truth = rng.normal(size=WIDTH)
score = x @ truth
y = (rng.uniform(size=ROWS) < 1 / (1 + np.exp(-score))).astype(int)
amount = (score + 0.2 * rng.normal(size=ROWS)).astype(np.float32).astype(float)


def ftrl(alpha, beta, l1, l2):
    """z, n and the weight of each feature, per coordinate; the intercept is a feature without penalties."""
    z, n = np.zeros(WIDTH + 1), np.zeros(WIDTH + 1)
    first, second = np.r_[np.full(WIDTH, l1), 0], np.r_[np.full(WIDTH, l2), 0]

    def weight(i):
        if abs(z[i]) <= first[i]:
            return 0.0
        return -(z[i] - np.sign(z[i]) * first[i]) / ((beta + np.sqrt(n[i])) / alpha + second[i])

    loss = 0.0
    for row in range(ROWS):
        features = [(int(i), v) for i, v in zip(lists[row], values[row])] + [(WIDTH, 1.0)]
        w = {i: weight(i) for i, _ in features}
        p = 1 / (1 + np.exp(-sum(w[i] * v for i, v in features)))
        loss -= np.log(p if y[row] else 1 - p)
        for i, v in features:
            g = (p - y[row]) * v
            sigma = (np.sqrt(n[i] + g * g) - np.sqrt(n[i])) / alpha
            z[i] += g - sigma * w[i]
            n[i] += g * g
    w = [weight(i) for i in range(WIDTH + 1)]
    return {"alpha": alpha, "beta": beta, "l1": l1, "l2": l2, "weights": w[:-1], "intercept": w[-1], "loss": loss / ROWS}


def sgd(kind, loss, epochs, eta, power, alpha, ratio, average=False, delta=0.1):
    penalty = "l2" if ratio == 0 else "l1" if ratio == 1 else "elasticnet"
    make = SGDClassifier if kind == "classifier" else SGDRegressor
    model = make(loss=loss, penalty=penalty, alpha=alpha, l1_ratio=ratio, max_iter=epochs, tol=None, shuffle=False,
                 learning_rate="invscaling", eta0=eta, power_t=power, average=average, epsilon=delta)  # fmt: skip
    model.fit(x, y if kind == "classifier" else amount)
    names = {"log_loss": "logistic", "hinge": "hinge", "squared_error": "squared", "huber": "huber"}
    return {
        "parameters": {"loss": names[loss], "rate": "inverse", "eta": eta, "power": power, "l1": alpha * ratio,
                       "l2": alpha * (1 - ratio), "delta": delta, "epochs": epochs, "average": average, "shuffle": False},
        "weights": model.coef_.ravel().tolist(),
        "intercept": float(np.ravel(model.intercept_)[0]),
    }  # fmt: skip


def mixed(v):
    v = ((v ^ (v >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    v = ((v ^ (v >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return v ^ (v >> 16)


def machine(loss, k, eta, l2, l2_factors, spread, seed):
    """One pass by AdaGrad; every slope by central differences of the loss of the row."""
    start = [[spread * ((mixed((mixed(i ^ mixed(seed)) + f * 0x9E3779B9) & 0xFFFFFFFF) >> 8) * 2.0**-23 - 1)
              for f in range(k)] for i in range(WIDTH)]  # fmt: skip
    b, w, v = np.zeros(1), np.zeros(WIDTH), np.array(start)
    squares = [np.zeros_like(b), np.zeros_like(w), np.zeros_like(v)]
    target = y if loss == "logistic" else amount

    def row_loss(row, b, w, v):
        i, a = lists[row], values[row]
        z = b[0] + w[i] @ a
        for p in range(len(i)):
            for q in range(p + 1, len(i)):
                z += (v[i[p]] @ v[i[q]]) * a[p] * a[q]
        return np.logaddexp(0, z) - target[row] * z if loss == "logistic" else (z - target[row]) ** 2 / 2

    def slope(row, array, at, *all):
        old, h = array[at], 1e-5
        array[at] = old + h
        up = row_loss(row, *all)
        array[at] = old - h
        down = row_loss(row, *all)
        array[at] = old
        return (up - down) / (2 * h)

    for row in range(ROWS):
        touched = [(0, (0,)), *[(1, (i,)) for i in lists[row]], *[(2, (i, f)) for i in lists[row] for f in range(k)]]
        arrays = (b, w, v)
        slopes = [slope(row, arrays[which], at, b, w, v) for which, at in touched]
        for (which, at), g in zip(touched, slopes):
            squares[which][at] += g * g
            rate = eta / (np.sqrt(squares[which][at]) + 1e-8)
            penalty = (0, l2, l2_factors)[which]
            arrays[which][at] = (arrays[which][at] - rate * g) / (1 + rate * penalty)
    scores = []
    for row in range(ROWS):
        i, a = lists[row], values[row]
        pairs = sum((v[i[p]] @ v[i[q]]) * a[p] * a[q] for p in range(len(i)) for q in range(p + 1, len(i)))
        scores.append(float(b[0] + w[i] @ a + pairs))
    return {"parameters": {"loss": loss, "factors": k, "eta": eta, "l2": l2, "l2Factors": l2_factors, "spread": spread,
                           "seed": seed, "epochs": 1, "shuffle": False}, "scores": scores}  # fmt: skip


words = ["", "a", "ab", "abc", "abcd", "abcde", "hello, world", "Straße", "人工智能", "🙂🙃", "x" * 33]
hashes = [{"text": t, "seed": s, "hash": murmurhash3_32(t.encode(), seed=s, positive=True)} for t in words for s in (0, 1, 4294967)]
cities = ["Lyon", "Paris", "Nice", "Köln", "Lyon"]
hashed = FeatureHasher(64, input_type="dict").transform([{"city": c} for c in cities]).tocoo()
texts = ["the cat sat on the mat", "the dog and the cat", "a mat is a mat is a mat", "no cats here", "sat sat sat the"]


def tfidf(sublinear, idf, words, least):
    model = TfidfVectorizer(ngram_range=words, sublinear_tf=sublinear, use_idf=idf, min_df=least,
                            token_pattern=r"(?u)\b\w+\b")  # fmt: skip
    rows = model.fit_transform(texts)
    names = model.get_feature_names_out()
    return {
        "parameters": {"sublinear": sublinear, "idf": idf, "words": words, "minTexts": least},
        "rows": [{names[j]: rows[i, j] for j in rows[i].indices} for i in range(len(texts))],
    }


oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/sparse.py",
    "width": WIDTH,
    "rows": [[[int(i), float(v)] for i, v in zip(a, b)] for a, b in zip(lists, values)],
    "target": y.tolist(),
    "amount": amount.tolist(),
    "ftrl": [ftrl(0.1, 1.0, 0.0, 0.0), ftrl(0.3, 0.5, 0.4, 0.1)],
    "sgd": [
        sgd("classifier", "log_loss", 1, 0.3, 0.5, 1e-9, 0),
        sgd("classifier", "log_loss", 3, 0.5, 0.25, 0.01, 0),
        sgd("classifier", "log_loss", 2, 0.3, 0.5, 0.01, 0, average=True),
        sgd("classifier", "log_loss", 3, 0.3, 0.5, 0.02, 1),
        sgd("classifier", "hinge", 3, 0.3, 0.5, 0.01, 0.3),
        sgd("regressor", "squared_error", 2, 0.1, 0.25, 0.01, 0),
        sgd("regressor", "huber", 2, 0.2, 0.25, 0.001, 0, delta=0.4),
    ],
    "machine": [machine("logistic", 3, 0.1, 0.0, 0.0, 0.1, 7), machine("squared", 5, 0.05, 0.01, 0.02, 0.2, 1)],
    "hashes": hashes,
    "hasher": {"cities": cities, "places": hashed.col.tolist(), "values": hashed.data.tolist()},
    "texts": texts,
    "tfidf": [tfidf(False, True, (1, 1), 1), tfidf(True, True, (1, 2), 1), tfidf(True, False, (1, 1), 1), tfidf(True, True, (1, 2), 2)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
