-- An event that comes a second time settles nothing.
UPDATE payments
SET paid_at = now()
WHERE order_id = $1
  AND cents = $2
  AND paid_at IS NULL
RETURNING order_id
