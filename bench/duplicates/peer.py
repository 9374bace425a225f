"""The peer of bench/duplicates.ts: splink 5 on DuckDB, on the same records and keys, with its own estimates.

python3 -m pip install splink==5.0.0 && python3 peer.py customers.jsonl
"""

import json
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

import logging

logging.disable(logging.WARNING)

frame = duckdb.sql(
    f"""
    SELECT customer_id AS unique_id,
        nullif(lower(name), '') AS name,
        nullif(array_to_string(list_sort(string_split(lower(name), ' ')), ' '), '') AS sorted_name,
        nullif(email, '') AS email, nullif(split_part(email, '@', 1), '') AS mailbox,
        nullif(phone, '') AS phone, nullif(right(phone, 8), '') AS phone_end,
        nullif(city, '') AS city, nullif(gender, '') AS gender, nullif(country, '') AS country,
        CAST(age AS INTEGER) AS age
    FROM read_json('{sys.argv[1]}')
    """
).df()

started = time.perf_counter()
settings = SettingsCreator(
    link_type="dedupe_only",
    blocking_rules_to_generate_predictions=[
        block_on("email"),
        block_on("mailbox"),
        block_on("phone_end"),
        block_on("sorted_name", "city"),
        block_on("sorted_name", "age", "gender"),
    ],
    comparisons=[
        cl.EmailComparison("email"),
        cl.LevenshteinAtThresholds("phone", [1]),
        cl.JaroWinklerAtThresholds("sorted_name", [0.93]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("city"),
        cl.ExactMatch("gender"),
        cl.ExactMatch("country"),
        cl.ExactMatch("age"),
    ],
)
api = DuckDBAPI()
linker = Linker(api.register(frame) if hasattr(api, "register") else frame, settings, **({} if hasattr(api, "register") else {"db_api": api}))
linker.training.estimate_probability_two_random_records_match([block_on("email"), block_on("phone", "sorted_name")], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("email"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("sorted_name", "city"))
found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
spent = time.perf_counter() - started
pairs = found[["unique_id_l", "unique_id_r", "match_probability"]].values.tolist()
print(json.dumps({"seconds": spent, "pairs": pairs}))
