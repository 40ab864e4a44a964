-- Server processes alike, and the longest of each kind; $1 is the number of seconds from which a
-- query is at work for long. Without pg_monitor the state of other users' sessions is not shown,
-- and their kind neither: those of a user in a database are taken for clients.
WITH activity AS (
    SELECT
        coalesce(application_name, '') AS application,
        coalesce(usename::text, '') AS "user",
        coalesce(datname::text, '') AS database,
        coalesce(state, '') AS state,
        CASE
            WHEN backend_type IS NULL AND usename IS NOT NULL AND datname IS NOT NULL
                THEN 'client backend'
            ELSE coalesce(backend_type, '')
        END AS backend,
        coalesce(query = '<insufficient privilege>' AND usename IS NOT NULL, false) AS hidden,
        coalesce(wait_event_type = 'Lock', false) AS waits,
        pid = pg_backend_pid() AS ours,
        extract(epoch FROM clock_timestamp() - state_change)::float8 AS in_state,
        extract(epoch FROM clock_timestamp() - query_start)::float8 AS running,
        extract(epoch FROM clock_timestamp() - xact_start)::float8 AS in_transaction
    FROM pg_stat_activity
)
SELECT /* warroom groups */
    application,
    "user",
    database,
    state,
    backend,
    hidden,
    waits,
    ours,
    count(*)::int8 AS count,
    max(in_state) AS oldest,
    max(running) FILTER (WHERE state = 'active' AND NOT ours) AS longest_query,
    max(in_transaction) FILTER (WHERE NOT ours) AS longest_transaction,
    count(*) FILTER (WHERE state = 'active' AND running >= $1 AND NOT ours)::int8 AS long
FROM activity
GROUP BY application, "user", database, state, backend, hidden, waits, ours
