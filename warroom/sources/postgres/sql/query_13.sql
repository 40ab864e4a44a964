-- The text of the session $1 that was started at $2, and whether it runs in this database.
SELECT /* warroom query */ query, datname = current_database() AS here
FROM pg_stat_activity
WHERE pid = $1 AND backend_start = $2
