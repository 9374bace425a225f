-- One row is one customer of the ids asked for, as they are now.
SELECT customer_id, name, email, phone, city, country, gender, age, orders, revenue, first_order_at, last_order_at
FROM customers
WHERE customer_id IN {ids:Array(String)}
