SELECT password_hash
FROM customers
WHERE email = $1
