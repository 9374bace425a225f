"""Writes em.json: m, u and the share of matches of a made mixture, by a plain EM of our own writing in numpy, and
Jaro-Winkler similarities by jellyfish.

python3 -m pip install numpy jellyfish && python3 em.py
"""

import json
from itertools import product
from pathlib import Path

import jellyfish
import numpy as np

rng = np.random.default_rng(4)
M = [[0.9, 0.1], [0.7, 0.2, 0.1], [0.8, 0.05, 0.15]]
U = [[0.02, 0.98], [0.01, 0.04, 0.95], [0.1, 0.05, 0.85]]
SHARE, PAIRS = 0.01, 400_000
START = [[0.8, 0.2], [0.6, 0.2, 0.2], [0.6, 0.2, 0.2]]

is_match = rng.random(PAIRS) < SHARE
columns = [
    np.where(is_match, rng.choice(len(m), PAIRS, p=m), rng.choice(len(u), PAIRS, p=u)) for m, u in zip(M, U)
]
codes, counts = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)

m, share = [np.array(levels) for levels in START], 0.01 * np.sqrt(2 * PAIRS) / PAIRS
PRIOR = 10
for _ in range(2000):
    given_match = np.prod([m[f][codes[:, f]] for f in range(3)], axis=0)
    given_other = np.prod([np.array(U[f])[codes[:, f]] for f in range(3)], axis=0)
    weight = counts * share * given_match / (share * given_match + (1 - share) * given_other)
    share = weight.sum() / PAIRS
    for f in range(3):
        expected = np.array([weight[codes[:, f] == level].sum() for level in range(len(M[f]))])
        m[f] = (expected + PRIOR * np.array(START[f])) / (expected.sum() + PRIOR)

names = ["martha", "marhta", "dwayne", "duane", "dixon", "dicksonx", "fang wang", "wang fang", "xiaoming", "a", ""]
Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "pairs": PAIRS,
            "start": START,
            "u": U,
            "patterns": [{"levels": (code + 1).tolist(), "pairs": int(n)} for code, n in zip(codes, counts)],
            "share": share,
            "m": [levels.tolist() for levels in m],
            "jaro_winkler": [
                [a, b, jellyfish.jaro_winkler_similarity(a, b)] for a, b in product(names[:-1], repeat=2)
            ],
        },
        indent=1,
    )
    + "\n"
)
