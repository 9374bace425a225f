-- One row: one customer, with everything that preparation knows of them.
SELECT
    customer_id, name, email, country, first_order_at, last_order_at, orders, revenue,
    phone, city, gender, age, language, timezone, traits, aliases
FROM customers
WHERE customer_id = {id:String}
