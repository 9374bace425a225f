"""Writes special.json: values of special functions by mpmath to 30 digits, and by scipy. Run: python3 special.py"""

import json
import pathlib

import mpmath
import numpy as np
import scipy
from scipy import integrate, stats

mpmath.mp.dps = 30
rng = np.random.default_rng(1)


def spread(low, high, n=12):
    return [float(v) for v in np.round(10 ** rng.uniform(np.log10(low), np.log10(high), n), 8)]


def table(f, *arguments):
    rows = list(zip(*arguments))
    return [[*map(float, row), float(f(*map(mpmath.mpf, row)))] for row in rows]


a, b = spread(1e-3, 1e4, 25), spread(1e-3, 1e4, 25)
z = [0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]
hyper = [(p, p + q, x) for p, q in zip(spread(0.05, 500, 8), spread(0.05, 500, 8)) for x in z]
tails = [1e-300, 1e-20, 1e-8, 0.001, 0.025, 0.3, 0.8, 0.975, 0.9999]
x = spread(1e-3, 30, 10)
oracle = {
    "made_by": f"mpmath {mpmath.__version__}, scipy {scipy.__version__}, oracles/special.py",
    "logGamma": table(mpmath.loggamma, spread(1e-5, 1e7, 25)),
    "digamma": table(lambda v: mpmath.digamma(v), spread(1e-5, 1e7, 25)),
    "logBeta": table(lambda p, q: mpmath.log(mpmath.beta(p, q)), a, b),
    "logRising": table(lambda p, n: mpmath.loggamma(p + n) - mpmath.loggamma(p), a, b),
    "hypergeometric1": table(lambda p, q, v: mpmath.hyp2f1(1, p, q, v), *zip(*hyper)),
    "gammaBelow": table(lambda p, v: mpmath.gammainc(p, 0, v, regularized=True), x, x[::-1]),
    "gammaAbove": table(lambda p, v: mpmath.gammainc(p, v, mpmath.inf, regularized=True), x, x[::-1]),
    "betaBelow": table(
        lambda p, q, v: mpmath.betainc(p, q, 0, v, regularized=True), x, x[::-1], list(np.linspace(0.05, 0.95, 10))
    ),
    "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in tails],
    "normalBelow": [[v, float(stats.norm.cdf(v))] for v in (-30.0, -8.0, -2.0, -0.1, 0.0, 0.7, 3.0)],
    "chiSquareAbove": [[v, d, float(stats.chi2.sf(v, d))] for v, d in ((0.5, 1), (3.84, 1), (12.0, 5), (80.0, 3))],
    "integral": [[k, float(integrate.quad(lambda u: np.exp(-k * u) * np.sqrt(u), 0, 2)[0])] for k in (0.1, 1.0, 7.0)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
