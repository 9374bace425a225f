"""Writes lifetime.json: what the package lifetimes says of customers simulated here, and scipy of their likelihoods.

lifetimes' own optimiser stops early now and then, so its starting point for the parameters is the maximum that scipy
finds of likelihoods written down from the papers; both are kept. Run: python3 lifetime.py
"""

import json
import pathlib

import lifetimes
import numpy as np
import pandas as pd
import scipy
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

rng = np.random.default_rng(7)
N = 500


def simulated(lost_at_any_time):
    """Customers of a BG/NBD or Pareto/NBD world, with amounts of a Gamma-Gamma world, rounded as ours sees them."""
    rate = rng.gamma(0.8, 1 / 6.0, N)
    loss = rng.beta(0.9, 2.5, N)
    age = np.round(rng.uniform(20, 40, N), 2)
    end = rng.exponential(1 / rng.gamma(0.7, 1 / 8.0, N))
    rows = []
    for i in range(N):
        now, last, x = 0.0, 0.0, 0
        while True:
            now += rng.exponential(1 / rate[i])
            if now > age[i] or (lost_at_any_time and now > end[i]):
                break
            x, last = x + 1, now
            if not lost_at_any_time and rng.uniform() < loss[i]:
                break
        rows.append((x, min(round(last, 2), age[i])))
    x = np.array([row[0] for row in rows])
    nu = rng.gamma(3.5, 1 / 15.0, N)
    amount = np.array([rng.gamma(6.0 * max(k, 1), 1 / (n * max(k, 1))) for k, n in zip(x, nu)])
    columns = {"frequency": x, "recency": [row[1] for row in rows], "age": age, "monetary": np.where(x > 0, np.round(amount, 2), 0)}
    return pd.DataFrame({name: np.float32(values).astype(float) for name, values in columns.items()})


def learn_from(customers):
    global data, x, tx, T
    data = customers
    x, tx, T = (data[name].to_numpy() for name in ("frequency", "recency", "age"))


customers, others = simulated(False), simulated(True)
learn_from(customers)


def bg(theta, shift):
    r, alpha, a, b = np.exp(theta)
    alive = betaln(a, b + x + shift) - (r + x) * np.log(alpha + T)
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = betaln(a + 1, b + x + shift - 1) - (r + x) * np.log(alpha + tx)
    lost = np.where(x + shift > 0, lost, -np.inf)
    return np.sum(np.logaddexp(alive, lost) + gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b))


def pareto(theta):
    r, alpha, s, beta = np.exp(theta)
    big, small = max(alpha, beta), min(alpha, beta)
    second = s + 1 if alpha >= beta else r + x
    rsx = r + s + x
    a0 = lambda u: hyp2f1(rsx, second, rsx + 1, (big - small) / (big + u)) / (big + u) ** rsx
    whole = (alpha + T) ** -(r + x) * (beta + T) ** -s + s / rsx * (a0(tx) - a0(T))
    return np.sum(gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(whole))


def gamma_gamma(theta):
    p, q, v = np.exp(theta)
    kept = data[data.frequency > 0]
    n, m = kept.frequency.to_numpy(), kept.monetary.to_numpy()
    return np.sum(-betaln(p * n, q) + q * np.log(v) + (p * n - 1) * np.log(m) + p * n * np.log(n) - (p * n + q) * np.log(n * m + v))


def highest(likelihood, start, *arguments):
    f = lambda theta: -likelihood(theta, *arguments)
    found = minimize(f, np.log(start), method="Nelder-Mead", options=dict(maxiter=20000, maxfev=20000, xatol=1e-10, fatol=1e-11))
    found = minimize(f, found.x, method="Nelder-Mead", options=dict(maxiter=20000, maxfev=20000, xatol=1e-10, fatol=1e-11))
    return np.exp(found.x).tolist(), float(-found.fun)


def said(fitter, parameters):
    """What lifetimes tells at these parameters, of some customers and of new ones."""
    fitter.params_ = pd.Series(parameters, index=fitter._names)
    some = data.head(40)
    history = (some.frequency, some.recency, some.age)
    told = {
        "alive": np.asarray(fitter.conditional_probability_alive(*history)).ravel().tolist(),
        "purchases": np.asarray(fitter.conditional_expected_number_of_purchases_up_to_time(13.0, *history)).ravel().tolist(),
        "new": [float(np.asarray(fitter.expected_number_of_purchases_up_to_time(t)).ravel()[0]) for t in (0.5, 4.0, 52.0)],
    }
    if hasattr(fitter, "probability_of_n_purchases_up_to_time"):
        told["chances"] = [float(np.asarray(fitter.probability_of_n_purchases_up_to_time(20.0, n)).ravel()[0]) for n in range(5)]
    return told


def counting(fitter, names, likelihood, start, *arguments):
    parameters, top = highest(likelihood, start, *arguments)
    fitter._names = names
    fitter.fit(x, tx, T)
    own = fitter.params_[names].tolist()
    return {"parameters": parameters, "log_likelihood": top, "lifetimes": own, **said(fitter, parameters)}


def spend(purchases):
    parameters, top = highest(gamma_gamma, [3.0, 4.0, 15.0])
    kept = data[data.frequency > 0]
    fitter = GammaGammaFitter()
    fitter.fit(kept.frequency, kept.monetary)
    own = fitter.params_[["p", "q", "v"]].tolist()
    fitter.params_ = pd.Series(parameters, index=["p", "q", "v"])
    bgf = BetaGeoFitter()
    bgf.fit(x, tx, T)
    bgf.params_ = pd.Series(purchases, index=["r", "alpha", "a", "b"])
    some = data.head(40)
    value = fitter.customer_lifetime_value(bgf, some.frequency, some.recency, some.age, some.monetary, time=6, discount_rate=0.01, freq="W")
    average = fitter.conditional_expected_average_profit(some.frequency, some.monetary)
    return {"parameters": parameters, "log_likelihood": top, "lifetimes": own, "average": average.tolist(), "value": value.tolist()}


bgnbd = counting(BetaGeoFitter(), ["r", "alpha", "a", "b"], bg, [0.5, 5, 1, 2], 0)
oracle = {
    "made_by": f"lifetimes {lifetimes.__version__}, scipy {scipy.__version__}, oracles/lifetime.py",
    "customers": {name: customers[name].tolist() for name in customers},
    "pareto_customers": {name: others[name].tolist() for name in others if name != "monetary"},
    "bg-nbd": bgnbd,
    "mbg-nbd": counting(ModifiedBetaGeoFitter(), ["r", "alpha", "a", "b"], bg, [0.5, 5, 1, 2], 1),
    "gamma-gamma": spend(bgnbd["parameters"]),
}
learn_from(others)
oracle["pareto-nbd"] = counting(ParetoNBDFitter(), ["r", "alpha", "s", "beta"], pareto, [0.5, 5, 0.5, 5])
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
