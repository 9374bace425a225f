-- One row: how far the version in the shadow agreed with the champion in one run.
SELECT
    count() AS customers,
    rankCorr(champion.probability, shadow.probability) AS rank_correlation,
    countIf(champion.chosen != shadow.chosen) / greatest(1, count()) AS differing
FROM
(
    SELECT customer_id, probability, chosen FROM scores FINAL
    WHERE scenario = {scenario:String} AND scored_at = {scored_at:DateTime64(3, 'UTC')}
) AS champion
INNER JOIN
(
    SELECT customer_id, probability, chosen FROM shadow_scores FINAL
    WHERE scenario = {scenario:String} AND version = {version:UInt32} AND scored_at = {scored_at:DateTime64(3, 'UTC')}
) AS shadow ON shadow.customer_id = champion.customer_id
