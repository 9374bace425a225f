"""The peer of bench/lifecycle.ts: lifetimes' BG/NBD, fitted, and then asked of every customer."""

import warnings

from peer import measured, serve

warnings.filterwarnings("ignore")  # lifetimes is older than the numpy that it runs on


def run(data, parameters):
    from lifetimes import BetaGeoFitter

    history = [data[name].astype(float) for name in ("frequency", "recency", "age")]
    fitter = BetaGeoFitter()

    def work():
        fitter.fit(*history)
        fitter.conditional_probability_alive(*history)
        return fitter.conditional_expected_number_of_purchases_up_to_time(parameters["weeks"], *history)

    expected, cost = measured(work)
    return {**cost, "expected": float(expected.mean())}


serve(run)
