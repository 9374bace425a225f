"""Writes metrics.json: what scikit-learn (and numpy, for uplift) says of numbers made here. Run: python3 metrics.py"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics as m

rng = np.random.default_rng(3)
n = 150
y = (rng.uniform(size=n) < 0.3).astype(int)
scores = np.round(rng.normal(size=n) + y, 1)
p = 1 / (1 + np.exp(-scores))
w = rng.integers(0, 4, n).astype(float)
told = (scores > 0.4).astype(int)
true3, told3 = rng.integers(0, 3, n), rng.integers(0, 3, n)
told3 = np.where(rng.uniform(size=n) < 0.5, true3, told3)
p3 = rng.dirichlet([1, 1, 1], n)
amount, guess = rng.gamma(2, 3, n), rng.gamma(2, 3, n)
count = rng.poisson(2, n)
groups, relevance = rng.integers(0, 12, n), rng.integers(0, 4, n) * (rng.uniform(size=n) < 0.4)
unique = rng.permutation(n) / n
points = np.float32(rng.normal(size=(n, 3)) + 1.5 * true3[:, None]).astype(float)
treated = rng.integers(0, 2, n)


def averages(f, **options):
    out = {"binary": f(y, told, sample_weight=w, **options)}
    for average in ("macro", "micro", "weighted"):
        out[average] = f(true3, told3, average=average, sample_weight=w, **options)
    return out


def ndcg(k):
    values = [
        m.ndcg_score([2.0 ** relevance[groups == g] - 1], [unique[groups == g]], k=k)
        for g in range(12)
        if relevance[groups == g].any()
    ]
    return float(np.mean(values))


def first(k, of):
    values = []
    for g in range(12):
        ranked = relevance[groups == g][np.argsort(-unique[groups == g])] > 0
        if ranked.any():
            values.append(of(ranked, k))
    return float(np.mean(values))


def average_precision(ranked, k):
    hits = [ranked[: i + 1].mean() for i in range(min(k, len(ranked))) if ranked[i]]
    return sum(hits) / min(k, ranked.sum())


def qini():
    order = np.argsort(-unique)
    t, o = treated[order], y[order]
    nt, nc, yt, yc = (np.concatenate([[0], np.cumsum(v)]) for v in (t, 1 - t, t * o, (1 - t) * o))
    gain = (yt - np.divide(yc * nt, nc, out=np.zeros(n + 1), where=nc > 0)) / nt[-1]
    return float(np.trapezoid(gain, np.arange(n + 1) / n) - gain[-1] / 2)


def uplift(share):
    best = np.argsort(-unique)[: int(share * n)]
    return float(y[best][treated[best] == 1].mean() - y[best][treated[best] == 0].mean())


history = rng.gamma(3, 2, 40)
oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/metrics.py",
    "data": {
        name: np.asarray(v, dtype=float).ravel().tolist()
        for name, v in dict(
            y=y, scores=scores, p=p, w=w, told=told, true3=true3, told3=told3, p3=p3, amount=amount, guess=guess,
            count=count, groups=groups, relevance=relevance, unique=unique, treated=treated, history=history,
            a=points[:, 0], b=points[:, 1], c=points[:, 2],
        ).items()
    },
    "precision": averages(m.precision_score),
    "recall": averages(m.recall_score),
    "f2": averages(m.fbeta_score, beta=2),
    "values": {
        "accuracy": m.accuracy_score(true3, told3, sample_weight=w),
        "balancedAccuracy": m.balanced_accuracy_score(true3, told3, sample_weight=w),
        "auc": m.roc_auc_score(y, scores, sample_weight=w),
        "averagePrecision": m.average_precision_score(y, scores, sample_weight=w),
        "logLoss": m.log_loss(y, p, sample_weight=w),
        "multiclassLogLoss": m.log_loss(true3, p3, sample_weight=w),
        "brier": m.brier_score_loss(y, p, sample_weight=w),
        "mae": m.mean_absolute_error(amount, guess, sample_weight=w),
        "rmse": m.root_mean_squared_error(amount, guess, sample_weight=w),
        "r2": m.r2_score(amount, guess, sample_weight=w),
        "pinball": m.mean_pinball_loss(amount, guess, alpha=0.8, sample_weight=w),
        "poissonDeviance": m.mean_poisson_deviance(count, guess, sample_weight=w),
        "gammaDeviance": m.mean_gamma_deviance(amount, guess, sample_weight=w),
        "smape": float(np.average(200 * np.abs(amount - guess) / (amount + guess), weights=w)),
        "mase": float(np.average(np.abs(amount - guess), weights=w) / np.abs(history[4:] - history[:-4]).mean()),
        "ndcg": ndcg(5),
        "map": first(5, average_precision),
        "recallAt": first(5, lambda ranked, k: ranked[:k].sum() / ranked.sum()),
        "qini": qini(),
        "upliftAt": uplift(0.3),
        "silhouette": m.silhouette_score(points, true3),
    },
    "confusion": m.confusion_matrix(true3, told3, sample_weight=w).ravel().tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle, default=float) + "\n")
