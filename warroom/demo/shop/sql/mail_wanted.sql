-- False when the order's mail was sent; no row when there is no such order (yet).
SELECT mails.order_id IS NULL
FROM orders
LEFT JOIN mails ON mails.order_id = orders.id
WHERE orders.id = $1
