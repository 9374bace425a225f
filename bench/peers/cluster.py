"""scikit-learn's k-means and principal components on the arrays given: see bench/ml-cluster.ts."""

import warnings

from peer import measured, serve
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

# it says that the rounds asked for did not converge, which is as intended
warnings.filterwarnings("ignore")


def run(data, parameters):
    x = data["x"]
    if parameters["method"] == "pca":
        model, cost = measured(lambda: PCA(parameters["components"]).fit(x))
        return {**cost, "quality": float(model.explained_variance_ratio_.sum())}
    settings = {"init": data["start"], "n_init": 1, "tol": 0, "max_iter": parameters["iterations"]}
    model, cost = measured(
        lambda: KMeans(parameters["k"], algorithm=parameters["algorithm"], **settings).fit(x)
    )
    return {**cost, "quality": float(model.inertia_)}


serve(run)
