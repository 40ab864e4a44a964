-- A mail that was sent twice, for a crash came before this, is recorded once.
INSERT INTO mails (order_id, email)
SELECT id, $2
FROM orders
WHERE id = $1
ON CONFLICT (order_id) DO NOTHING
