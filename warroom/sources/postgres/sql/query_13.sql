-- The text of the session $1 that was started at $2, the database it runs in, and how many bytes
-- of a text the server keeps.
SELECT /* warroom query */
    coalesce(query, '') AS query,
    coalesce(datname::text, '') AS database,
    datname = current_database() AS here,
    current_setting('track_activity_query_size', true) AS kept
FROM pg_stat_activity
WHERE pid = $1 AND backend_start = $2
