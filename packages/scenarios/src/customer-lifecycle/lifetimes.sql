-- One row is how many customers of one cohort (quarter of the first order) lasted so many days, and whether that ended by
-- churn or the watching just stopped.
SELECT
    toString(toStartOfQuarter(toDate(as_of) - toUInt32(tenure_days))) AS cohort,
    /* churned */ AS churned,
    toUInt32(if(churned, tenure_days - silence_days, tenure_days)) AS days,
    count() AS customers
FROM current_lifecycle
GROUP BY cohort, churned, days
ORDER BY cohort, days
