SELECT cents
FROM payments
WHERE order_id = $1
