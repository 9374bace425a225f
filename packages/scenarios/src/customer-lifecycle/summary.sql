-- One row is one stage of today's customers: who is in it, and sums of what is expected with their variance by chance. The
-- variance of value counts orders and amounts: N orders of mean m vary by m^2 (Var N + N spread).
SELECT
    stage,
    count() AS customers,
    quantileExact(0.5)(told.silence_days) AS silence_days,
    avg(told.alive) AS alive,
    sum(toFloat64(told.orders_30)) AS orders_30,
    sum(toFloat64(told.orders_90)) AS orders_90,
    sum(toFloat64(told.orders_365)) AS orders_365,
    sum(toFloat64(told.orders_30_variance)) AS orders_30_variance,
    sum(toFloat64(told.orders_90_variance)) AS orders_90_variance,
    sum(toFloat64(told.orders_365_variance)) AS orders_365_variance,
    sum(toFloat64(told.orders_30) * told.average) AS value_30,
    sum(toFloat64(told.orders_90) * told.average) AS value_90,
    sum(toFloat64(told.orders_365) * told.average) AS value_365,
    sum(toFloat64(told.average) * told.average * (told.orders_30_variance + told.orders_30 * told.amount_spread)) AS value_30_variance,
    sum(toFloat64(told.average) * told.average * (told.orders_90_variance + told.orders_90 * told.amount_spread)) AS value_90_variance,
    sum(toFloat64(told.average) * told.average * (told.orders_365_variance + told.orders_365 * told.amount_spread)) AS value_365_variance
FROM current_lifecycle AS told
GROUP BY stage
