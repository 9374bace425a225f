"""Writes survival.json: what lifelines and statsmodels say of survival data made here. Run: python3 survival.py"""

import json
import pathlib

import lifelines
import numpy as np
import pandas as pd
import statsmodels
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import concordance_index
from statsmodels.duration.hazard_regression import PHReg

rng = np.random.default_rng(11)
n = 240
x = np.float32(np.column_stack([rng.normal(0, 1, n), rng.normal(5, 20, n), rng.integers(0, 2, n)])).astype(float)
rate = 0.08 * np.exp(0.7 * x[:, 0] - 0.03 * (x[:, 1] - 5) + 0.5 * x[:, 2])
life, watched = rng.exponential(1 / rate), rng.uniform(2, 25, n)
time = np.float32(np.ceil(np.minimum(life, watched) * 2) / 2).astype(float)  # half units, so that there are ties
event = (life <= watched).astype(float)
weights = rng.integers(1, 4, n).astype(float)
groups = rng.integers(0, 3, n) + (x[:, 2] > 0)

names = ["a", "b", "c"]
frame = pd.DataFrame(x, columns=names).assign(time=time, event=event)


def curve(**options):
    fitted = KaplanMeierFitter().fit(time, event, **options)
    table = fitted.event_table[fitted.event_table.observed > 0]
    at = table.index
    low, high = (fitted.confidence_interval_[c].loc[at].tolist() for c in fitted.confidence_interval_.columns)
    return {
        "time": at.tolist(),
        "survival": fitted.survival_function_.iloc[:, 0].loc[at].tolist(),
        "low": low,
        "high": high,
        "median": float(fitted.median_survival_time_),
    }


def ph(ties):
    fitted = PHReg(time, x, status=event, ties=ties).fit()
    return {"b": fitted.params.tolist(), "se": fitted.bse.tolist(), "log_likelihood": float(fitted.llf)}


cox = CoxPHFitter().fit(frame, "time", "event", fit_options=dict(precision=1e-12))
weighted = CoxPHFitter().fit(
    frame.assign(w=weights), "time", "event", weights_col="w", fit_options=dict(precision=1e-12)
)
some = frame.head(20)
times = [1.0, 3.0, 6.0, 8.0]  # between events lifelines draws straight lines
rank = multivariate_logrank_test(time, groups, event)
risk = np.round(x[:, 0], 1)  # with ties
oracle = {
    "made_by": f"lifelines {lifelines.__version__}, statsmodels {statsmodels.__version__}, oracles/survival.py",
    "columns": {name: x[:, j].tolist() for j, name in enumerate(names)},
    "time": time.tolist(),
    "event": event.tolist(),
    "weights": weights.tolist(),
    "groups": groups.tolist(),
    "curve": curve(),
    "weighted_curve": curve(weights=weights),
    "log_rank": {"statistic": float(rank.test_statistic), "p": float(rank.p_value)},
    "efron": ph("efron"),
    "breslow": ph("breslow"),
    "lifelines": {
        "b": cox.params_.tolist(),
        "se": cox.standard_errors_.tolist(),
        "weighted_b": weighted.params_.tolist(),
        "times": times,
        "survival": cox.predict_survival_function(some, times=times).T.to_numpy().ravel().tolist(),
        "concordance": float(cox.concordance_index_),
    },
    "risk": risk.tolist(),
    "concordance": float(concordance_index(time, -risk, event)),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
