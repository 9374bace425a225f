"""Writes cluster.json: what scikit-learn finds in points made here. Run: python3 cluster.py

The values are rounded to 32 bits first, so that both sides see the same numbers.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture

rng = np.random.default_rng(20261124)
centres = np.array([[0, 0, 0], [5, 1, 0], [0, 6, 2], [6, 6, -3]])
shapes = rng.normal(size=(4, 3, 3)) * 0.5 + np.eye(3)
blobs = np.concatenate([rng.normal(size=(60, 3)) @ shapes[k] + centres[k] for k in range(4)])
blobs = blobs.astype(np.float32).astype(np.float64)
angle = rng.uniform(0, np.pi, 150)
moons = np.concatenate(
    [
        np.c_[np.cos(angle), np.sin(angle)] + rng.normal(scale=0.05, size=(150, 2)),
        np.c_[1 - np.cos(angle), 0.5 - np.sin(angle)] + rng.normal(scale=0.05, size=(150, 2)),
        rng.uniform([-1.5, -1], [2.5, 1.5], size=(30, 2)),
    ]
)
moons = moons.astype(np.float32).astype(np.float64)
weights = rng.integers(1, 4, len(blobs)).astype(float)
start = blobs[[3, 10, 100, 200]]


def k_means(sample_weight=None):
    model = KMeans(4, init=start, n_init=1, tol=0, max_iter=300).fit(blobs, sample_weight=sample_weight)
    return {
        "centres": model.cluster_centers_.ravel().tolist(),
        "labels": model.labels_.tolist(),
        "inertia": float(model.inertia_),
    }


def mixture(covariance):
    model = GaussianMixture(4, covariance_type=covariance, means_init=centres, tol=1e-9, max_iter=2000).fit(blobs)
    order = np.lexsort(model.means_.T[::-1])
    return {
        "shares": model.weights_[order].tolist(),
        "means": model.means_[order].ravel().tolist(),
        "covariances": model.covariances_[order].ravel().tolist(),
        "mean_log_likelihood": float(model.score(blobs)),
        "bic": float(model.bic(blobs)),
        "probabilities": model.predict_proba(blobs)[:, order].ravel().tolist()[:120],
    }


labels = KMeans(4, init=start, n_init=1).fit_predict(blobs)
other = KMeans(3, n_init=3, random_state=0).fit_predict(blobs)
oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, oracles/cluster.py",
    "blobs": blobs.tolist(),
    "moons": moons.tolist(),
    "weights": weights.tolist(),
    "start": start.tolist(),
    "k_means": k_means(),
    "k_means_weighted": k_means(weights),
    "mixture_full": mixture("full"),
    "mixture_diagonal": mixture("diag"),
    "dbscan": DBSCAN(eps=0.2, min_samples=6).fit_predict(moons).tolist(),
    "dbscan_weighted": DBSCAN(eps=1.2, min_samples=10).fit(blobs, sample_weight=weights).labels_.tolist(),
    "hdbscan_moons": HDBSCAN(min_cluster_size=15, min_samples=5, copy=True).fit_predict(moons).tolist(),
    "hdbscan_blobs": HDBSCAN(min_cluster_size=10, min_samples=4, copy=True).fit_predict(blobs).tolist(),
    "silhouette": float(silhouette_score(blobs, labels)),
    "other": other.tolist(),
    "adjusted_rand": float(adjusted_rand_score(labels, other)),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(oracle) + "\n")
