SELECT * FROM entries
WHERE incident = ?1 AND (?2 = 0 OR number < ?2)
ORDER BY number DESC
LIMIT ?3
