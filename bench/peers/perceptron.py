"""scikit-learn's MLPClassifier: hidden ReLU units, Adam, a fixed number of epochs in batches of 200."""

import warnings

from peer import measured, serve

from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore", category=ConvergenceWarning)


def run(data, parameters):
    model = MLPClassifier(
        hidden_layer_sizes=(parameters["units"],),
        max_iter=parameters["epochs"],
        alpha=parameters["alpha"],
        batch_size=200,
        tol=0,
        n_iter_no_change=parameters["epochs"] + 1,
        random_state=1,
    )
    _, cost = measured(lambda: model.fit(data["x"], data["y"]))
    return {**cost, "auc": roc_auc_score(data["y_test"], model.predict_proba(data["x_test"])[:, 1])}


serve(run)
