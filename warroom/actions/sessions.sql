-- Client sessions of this database but our own; replication is no client backend (PostgreSQL 10).
-- $1: pid, or 0 for all; $2: only those active for longer than so many seconds.
SELECT
    pid,
    backend_start,
    query_start,
    usename::text AS role,
    application_name AS application,
    coalesce(host(client_addr), 'local') AS client,
    state,
    extract(epoch FROM clock_timestamp() - query_start)::float8 AS running,
    left(query, 400) AS query
FROM pg_stat_activity
WHERE datname = current_database()
  AND backend_type = 'client backend'
  AND pid <> pg_backend_pid()
  AND application_name <> 'warroom'
  AND ($1 = 0 OR pid = $1)
  AND ($1 <> 0 OR (state = 'active' AND clock_timestamp() - query_start > make_interval(secs => $2)))
ORDER BY query_start
LIMIT 201
