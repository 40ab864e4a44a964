SELECT * FROM entries
WHERE kind IN ('action-started', 'action-finished', 'action-verdict', 'still-on') AND seq > ?1
ORDER BY seq
LIMIT ?2
