-- How many other products the buyers of this one have ordered. No index serves it: both
-- sides of the join are found by reading the whole of orders.
SELECT count(DISTINCT other.product_id)
FROM orders AS one
JOIN orders AS other ON other.email = one.email
WHERE one.product_id = $1
