WITH placed AS (
    INSERT INTO orders (product_id, quantity, cents, email)
    SELECT id, $2, cents * $2, $3
    FROM products
    WHERE id = $1
    RETURNING id, cents
)
INSERT INTO payments (order_id, cents)
SELECT id, cents
FROM placed
RETURNING order_id
