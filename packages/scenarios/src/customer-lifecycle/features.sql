-- One row is one known customer who ordered before the moment {as_of}, or every {one_in}-th of them. Orders of one day are
-- one, as in the papers on counting models, and times are whole days from the first. It reads only what had happened and
-- had arrived by then. NaN is not known: amounts and gaps of repeat orders need one.
WITH
    toDate({as_of:DateTime64(3, 'UTC')} - INTERVAL 1 MILLISECOND) AS today,
    days AS
    (
        SELECT
            customer_id,
            toDate(at) AS day,
            sum(amount) AS spent_on_day,
            uniqExact(product_id) AS products_on_day
        FROM sales
        WHERE known
            AND at < {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            AND customer_id NOT IN {excluded:Array(String)}
            AND cityHash64(customer_id) % {one_in:UInt32} = 0
        GROUP BY customer_id, day
    )
SELECT
    customer_id,
    count() - 1 AS frequency,
    max(day) - min(day) AS recency,
    today - min(day) AS age,
    if(frequency > 0, (sum(spent_on_day) - argMin(spent_on_day, day)) / frequency, nan) AS monetary,
    today - max(day) AS silence,
    if(frequency > 0, dateDiff('day', arrayReverseSort(groupArray(day))[2], max(day)), 0) AS last_gap,
    countIf(today - day < 30) AS orders_30,
    countIf(today - day < 90) AS orders_90,
    countIf(today - day < 180) AS orders_180,
    argMin(spent_on_day, day) AS first_amount,
    sum(spent_on_day) AS spent,
    avg(products_on_day) AS products
FROM days
GROUP BY customer_id
