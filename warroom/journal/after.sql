SELECT * FROM entries
WHERE incident = ?1 AND number > ?2
ORDER BY number
LIMIT ?3
