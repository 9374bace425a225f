-- One row: the medians over lines that could be sales of the logarithms of quantity and price (in the shop's currency);
-- or, where `spread` is asked for, of their distances from the given middles. Exact, by distinct value, so that a repeated
-- run says the same.
SELECT
    quantileExactWeighted(0.5)(if({spread:Bool}, abs(log(quantity) - {quantity:Float64}), log(quantity)), 1) AS quantity_median,
    quantileExactWeighted(0.5)(if({spread:Bool}, abs(log(paid) - {price:Float64}), log(paid)), 1) AS price_median
FROM
(
    SELECT quantity, unit_price * {factors:Map(String, Float64)}[upper(trim(currency))] AS paid
    FROM order_lines FINAL
)
WHERE quantity > 0 AND paid > 0 AND isFinite(quantity) AND isFinite(paid)
