-- One row: how many sayings of customers had an impossible value.
SELECT countIf({{impossible_age}}) AS impossible_age, countIf({{impossible_income}}) AS impossible_income
FROM customer_facts FINAL WHERE customer_id != ''
