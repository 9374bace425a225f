"""Writes trees.json: trees, forests and their explanations by scikit-learn, LightGBM and shap. Run: python trees.py

The data are made here. Columns have few enough distinct values for our trees to split them exactly, and no two questions
tie, so that trees must be the same node by node.
"""

import json
import pathlib

import lightgbm
import numpy as np
import shap
import sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

rng = np.random.default_rng(20261124)


def rounded(values, digits=4):
    return np.round(np.asarray(values, dtype=float), digits).astype(np.float32).astype(float)


def columns(x):
    return [[None if np.isnan(v) else float(np.format_float_positional(np.float32(v), unique=True)) for v in c] for c in x.T]


def score(x):
    return x[:, 0] + x[:, 1] * x[:, 2] - np.abs(x[:, 3])


def tree_of(model, x):
    t = model.tree_
    inner = t.feature >= 0
    told = model.predict_proba(x) if hasattr(model, "predict_proba") else model.predict(x)[:, None]
    return {
        "questions": sorted([int(f), float(v)] for f, v in zip(t.feature[inner], t.threshold[inner])),
        "told": told.ravel().tolist(),
        "importances": model.feature_importances_.tolist(),
    }


def decision_trees():
    x = rounded(rng.normal(size=(240, 4)))
    z = score(x) + 0.3 * rng.normal(size=240)
    binary = (z > -0.6).astype(int)
    classes = np.digitize(z, [-1.2, 0.2])
    weights = rng.integers(0, 4, size=240).astype(float)
    limits = {"min_samples_leaf": 6}
    cases = {}

    def case(name, model, y, w=None, **parameters):
        fitted = model.fit(x, y, None if w is None else w)
        cases[name] = {"parameters": parameters, **tree_of(fitted, x)}

    case("gini", DecisionTreeClassifier(max_leaf_nodes=9, **limits), binary, leaves=9, minLeaf=6)
    case("entropy", DecisionTreeClassifier(criterion="entropy", max_depth=3, **limits), binary, criterion="entropy", maxDepth=3, minLeaf=6)
    case("balanced", DecisionTreeClassifier(class_weight="balanced", max_depth=3, **limits), binary, classWeights="balanced", maxDepth=3, minLeaf=6)
    case("least gain", DecisionTreeClassifier(min_impurity_decrease=0.02, **limits), binary, minGain=0.02, minLeaf=6)
    case("pruned", DecisionTreeClassifier(ccp_alpha=0.008, **limits), binary, ccpAlpha=0.008, minLeaf=6)
    case("classes", DecisionTreeClassifier(max_leaf_nodes=5, **limits), classes, task="multiclass", leaves=5, minLeaf=6)
    case("numbers", DecisionTreeRegressor(max_leaf_nodes=12, **limits), z, task="regression", leaves=12, minLeaf=6)
    case("weighted numbers", DecisionTreeRegressor(max_depth=3, min_weight_fraction_leaf=6.5 / weights.sum(), random_state=0), z, weights, task="regression", maxDepth=3, minLeaf=6.5)
    path = DecisionTreeClassifier(**limits).cost_complexity_pruning_path(x, binary)
    return {
        "x": columns(x),
        "binary": binary.tolist(),
        "classes": classes.tolist(),
        "numbers": z.tolist(),
        "weights": weights.tolist(),
        "cases": cases,
        "path": {"alphas": path.ccp_alphas.tolist(), "impurities": path.impurities.tolist()},
    }


def forests():
    x = rounded(rng.normal(size=(1400, 5)), 2)
    z = 1.5 * score(x) + rng.normal(size=1400)
    binary, classes = (z > -1).astype(int), np.digitize(z, [-2, 0])
    train, test = slice(0, 700), slice(700, None)
    kept = {"n_estimators": 300, "random_state": 0, "min_samples_leaf": 2}
    a = RandomForestClassifier(oob_score=lambda y, p: roc_auc_score(y, p), **kept).fit(x[train], binary[train])
    b = RandomForestClassifier(**kept).fit(x[train], classes[train])
    c = RandomForestRegressor(max_features=0.6, **kept).fit(x[train], z[train])
    return {
        "x": columns(x),
        "binary": binary.tolist(),
        "classes": classes.tolist(),
        "numbers": rounded(z).tolist(),
        "train": 700,
        "auc": roc_auc_score(binary[test], a.predict_proba(x[test])[:, 1]),
        "accuracy": accuracy_score(classes[test], b.predict(x[test])),
        "r2": r2_score(z[test], c.predict(x[test])),
    }


def empty():
    return {k: [] for k in ["roots", "feature", "threshold", "set", "sets", "left", "right", "missingLeft", "value", "cover"]}


def put(forest, feature=-1, threshold=0.0, at=-1, missing=0, value=0.0, cover=0.0):
    row = {"feature": feature, "threshold": threshold, "set": at, "left": -1, "right": -1, "missingLeft": missing, "value": value, "cover": cover}
    for key, item in row.items():
        forest[key].append(item)
    return len(forest["feature"]) - 1


def below(threshold):
    """The largest 32-bit number that is not above: 32-bit values lie on the same side of both."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))


def from_sklearn(model):
    forest = empty()
    for estimator in model.estimators_:
        t, n = estimator.tree_, len(model.estimators_)
        start = len(forest["feature"])
        forest["roots"].append(start)
        for i in range(t.node_count):
            put(forest, max(-1, int(t.feature[i])), below(t.threshold[i]), value=float(t.value[i, 0, 0]) / n, cover=float(t.weighted_n_node_samples[i]))
            if t.feature[i] >= 0:
                forest["left"][-1] = start + int(t.children_left[i])
                forest["right"][-1] = start + int(t.children_right[i])
    return forest


def from_lightgbm(model):
    forest = empty()

    def grow(node):
        if "leaf_value" in node:
            return put(forest, value=node["leaf_value"], cover=node["leaf_count"])
        categorical = node["decision_type"] == "=="
        at = len(forest["sets"]) if categorical else -1
        if categorical:
            forest["sets"].append(sum(1 << int(c) for c in node["threshold"].split("||")))
        missing = int(node["default_left"] and not categorical)
        threshold = 0.0 if categorical else below(node["threshold"])
        i = put(forest, node["split_feature"], threshold, at, missing, node["internal_value"], node["internal_count"])
        forest["left"][i] = grow(node["left_child"])
        forest["right"][i] = grow(node["right_child"])
        return i

    for info in model.dump_model()["tree_info"]:
        forest["roots"].append(len(forest["feature"]))
        grow(info["tree_structure"])
    return forest


def explanations():
    x = rounded(rng.normal(size=(150, 4)), 2)
    z = score(x) + 0.2 * rng.normal(size=150)
    model = RandomForestRegressor(6, max_depth=5, random_state=1).fit(x, z)
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    at = [-1.0, 0.0, 0.75]
    one = partial_dependence(model, x, [0], custom_values={0: np.array(at)}, kind="average", method="brute")
    two = partial_dependence(model, x, [1, 2], custom_values={1: np.array(at), 2: np.array(at)}, kind="average", method="brute")
    importance = permutation_importance(model, x, z, n_repeats=60, random_state=0, scoring="neg_mean_squared_error")
    return {
        "x": columns(x),
        "target": rounded(z).tolist(),
        "forest": from_sklearn(model),
        "prediction": model.predict(x).tolist(),
        "base": float(np.ravel(explainer.expected_value)[0]),
        "shap": explainer.shap_values(x[:40]).ravel().tolist(),
        "at": at,
        "one": one["average"].ravel().tolist(),
        "two": two["average"].ravel().tolist(),
        "importance": {"mean": importance.importances_mean.tolist(), "deviation": importance.importances_std.tolist()},
    }


def boosted():
    x = rounded(rng.normal(size=(300, 3)), 2)
    x[rng.uniform(size=x.shape) < 0.15] = np.nan
    city = rng.integers(0, 9, size=300).astype(float)
    data = np.c_[x, city]
    z = np.nan_to_num(x[:, 0], nan=1.0) + np.nan_to_num(x[:, 1]) * (city % 3) + 0.3 * rng.normal(size=300)
    parameters = {"objective": "regression", "num_leaves": 8, "min_data_in_leaf": 8, "verbosity": -1, "num_threads": 1, "min_data_per_group": 5, "cat_smooth": 1, "boost_from_average": False, "max_cat_to_onehot": 1}
    model = lightgbm.train(parameters, lightgbm.Dataset(data, z, categorical_feature=[3]), 12)
    contributions = model.predict(data[:50], pred_contrib=True)
    return {
        "x": columns(data),
        "forest": from_lightgbm(model),
        "setWords": [0, 0, 0, 1],
        "prediction": model.predict(data).tolist(),
        "base": float(contributions[0, -1]),
        "shap": contributions[:, :-1].ravel().tolist(),
    }


oracle = {
    "made_by": f"scikit-learn {sklearn.__version__}, LightGBM {lightgbm.__version__}, shap {shap.__version__}, oracles/trees.py",
    "trees": decision_trees(),
    "forests": forests(),
    "explanations": explanations(),
    "boosted": boosted(),
}


def short(value):
    """Nine digits are enough for any comparison, and keep the file small."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    return [short(item) for item in value] if isinstance(value, list) else value


pathlib.Path(__file__).with_name("trees.json").write_text(json.dumps(short(oracle), separators=(",", ":")) + "\n")
