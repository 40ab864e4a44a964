SELECT count(*)
FROM payments
WHERE paid_at IS NULL
  AND asked_at < now() - make_interval(secs => $1)
