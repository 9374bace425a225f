-- One row is one of ten members, drawn by a hash of their ids.
SELECT customer_id, name, email
FROM customers
WHERE customer_id IN (/* members */)
ORDER BY halfMD5(customer_id, 'sample'), customer_id
LIMIT 10
