-- Fills customers with {customers} people made of the orders that bench/scenarios.sql put there.
INSERT INTO customers (customer_id, email, name, country, email_consent, traits, aliases, first_order_at, last_order_at, orders, revenue)
SELECT
    customer_id,
    concat(customer_id, '@example.com') AS email,
    concat('Customer ', customer_id) AS name,
    any(prepared_order_lines.country) AS country,
    1 AS email_consent,
    '{}' AS traits,
    [customer_id] AS aliases,
    min(at) AS first_order_at,
    max(at) AS last_order_at,
    uniqExact(order_id) AS orders,
    sum(amount) AS revenue
FROM prepared_order_lines
GROUP BY customer_id
