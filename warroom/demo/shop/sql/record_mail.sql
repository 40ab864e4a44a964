-- A job that comes a second time, after a crash, sends no second mail.
INSERT INTO mails (order_id, email)
SELECT id, $2
FROM orders
WHERE id = $1
ON CONFLICT (order_id) DO NOTHING
