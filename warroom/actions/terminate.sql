-- One statement: a pid that has become another session's, or is at something else, is left alone.
SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
WHERE pid = $1 AND backend_start = $2 AND query_start IS NOT DISTINCT FROM $3
  AND state IS NOT DISTINCT FROM $4
  AND datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
