-- One row is one day of one ad for one audience on one platform: a file that breaks it down further, by hour or by a
-- column that no field takes, is added up. A day's figures are known when the day is over.
SELECT
    min(cleaned.line) AS line,
    count() AS lines,
    any(cleaned.reason) AS reason,
    any(cleaned.detail) AS detail,
    any(cleaned.raw) AS raw,
    toDate(cleaned.day) AS day,
    cleaned.platform AS platform,
    cleaned.campaign AS campaign,
    cleaned.ad AS ad,
    cleaned.audience AS audience,
    sum(toUInt64(greatest(0, round(cleaned.impressions)))) AS impressions,
    sum(toUInt64(greatest(0, round(cleaned.clicks)))) AS clicks,
    sum(ifNull(cleaned.conversions, 0)) AS conversions,
    sum(cleaned.cost) AS cost,
    sum(ifNull(cleaned.value, 0)) AS value,
    any(cleaned.currency) AS currency,
    toDateTime64(day + 1, 3, 'UTC') AS received_at,
    {source:String} AS source,
    {import_id:String} AS import_id,
    multiIf(
        reason != '', 'refused',
        (day, platform, campaign, ad, audience, impressions, clicks, conversions, cost, value) IN (
            SELECT day, platform, campaign, ad, audience, impressions, clicks, conversions, cost, value
            FROM ad_performance FINAL
            WHERE day BETWEEN toDate({first:DateTime64(3, 'UTC')}) AND toDate({last:DateTime64(3, 'UTC')}) AND import_id != {import_id:String}
        ), 'known',
        (day, platform, campaign, ad, audience) IN (
            SELECT day, platform, campaign, ad, audience FROM ad_performance
            WHERE day BETWEEN toDate({first:DateTime64(3, 'UTC')}) AND toDate({last:DateTime64(3, 'UTC')}) AND import_id = {import_id:String}
        ), 'loaded',
        'new'
    ) AS told
FROM cleaned
GROUP BY cleaned.day, cleaned.platform, cleaned.campaign, cleaned.ad, cleaned.audience, if(cleaned.reason = '', 0, cleaned.line)
