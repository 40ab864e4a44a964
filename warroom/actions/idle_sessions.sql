-- Client sessions of this database that hold their place and do nothing, but our own.
-- $1: of this application only, or '' for all; $2: idle for longer than so many seconds.
SELECT
    pid,
    backend_start,
    query_start,
    usename::text AS role,
    application_name AS application,
    coalesce(host(client_addr), 'local') AS client,
    state,
    extract(epoch FROM clock_timestamp() - state_change)::float8 AS running,
    left(query, 400) AS query
FROM pg_stat_activity
WHERE datname = current_database()
  AND backend_type = 'client backend'
  AND pid <> pg_backend_pid()
  AND application_name <> 'warroom'
  AND state LIKE 'idle%'
  AND ($1 = '' OR application_name = $1)
  AND clock_timestamp() - state_change > make_interval(secs => $2)
ORDER BY state_change
LIMIT 201
