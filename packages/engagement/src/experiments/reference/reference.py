"""Writes reference.json: intervals and p values by SciPy and statsmodels, computed apart from ours.

    pip install scipy==1.* statsmodels==0.14.*
    python reference.py > reference.json
"""

import json

import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

SHARES = [(56, 70, 48, 80), (9, 10, 3, 10), (0, 40, 0, 10), (5, 5000, 0, 500), (130, 8123, 11, 2001), (10, 10, 0, 20)]
RATIOS = [(200, 800, 0.2), (150, 850, 0.2), (1013, 9121, 0.1), (50, 50, 0.5), (40, 2, 0.5)]
QUANTILES = [(0.975, 1.5), (0.975, 3), (0.975, 12.7), (0.975, 250), (0.975, 123456.7), (0.9, 5)]


def shares(a, n, b, m):
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
    return {"given": [a, n, b, m], "low": low, "high": high}


def means(seed, n, m, scale):
    rng = numpy.random.default_rng(seed)
    one = numpy.round(rng.exponential(30, n) * (rng.random(n) < 0.3), 2)
    two = numpy.round(rng.exponential(scale, m) * (rng.random(m) < 0.2), 2)
    low, high = CompareMeans(DescrStatsW(one), DescrStatsW(two)).tconfint_diff(usevar="unequal")
    return {"one": list(one), "two": list(two), "low": low, "high": high}


def ratio(held, treated, share):
    n = held + treated
    p = stats.chisquare([held, treated], [share * n, (1 - share) * n]).pvalue
    return {"given": [held, treated, share], "p": p}


print(
    json.dumps(
        {
            "made_with": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
            "shares": [shares(*case) for case in SHARES],
            "means": [means(1, 40, 25, 25), means(2, 7, 3, 60), means(3, 120, 15, 10)],
            "ratios": [ratio(*case) for case in RATIOS],
            "quantiles": [{"given": list(case), "t": stats.t.ppf(*case)} for case in QUANTILES],
        },
    )
)
