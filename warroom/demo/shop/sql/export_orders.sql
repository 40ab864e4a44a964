-- For the partners who plan the stock: no customer's name or address.
SELECT id, product_id, quantity, cents, ordered_at
FROM orders
ORDER BY id
