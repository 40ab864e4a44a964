-- Sessions worth a look, and whom they wait for. $1 is the number of seconds from which one is
-- at work for long, $2 how many rows are wanted. pg_blocking_pids stops all lock partitions for
-- a moment: it is asked only for sessions that wait for a lock, and for at most 100 of them.
WITH activity AS MATERIALIZED (
    SELECT
        pid, backend_start, datname, usename, application_name, client_addr, client_hostname,
        backend_type, state, wait_event_type, wait_event, query, query_start, xact_start,
        state_change, query_id, clock_timestamp() AS now
    FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND (leader_pid IS NULL OR leader_pid = pid)
),
waiters AS MATERIALIZED (
    SELECT pid, pg_blocking_pids(pid) AS blocked_by
    FROM activity
    WHERE wait_event_type = 'Lock'
    ORDER BY query_start
    LIMIT 100
),
waits AS MATERIALIZED (
    SELECT pid, min(waitstart) AS since
    FROM pg_locks
    WHERE NOT granted AND EXISTS (SELECT FROM waiters)
    GROUP BY pid
),
blockers AS MATERIALIZED (
    SELECT DISTINCT unnest(blocked_by) AS pid FROM waiters
)
SELECT /* warroom sessions */
    a.pid::int4 AS pid,
    a.backend_start,
    coalesce(a.datname::text, '') AS database,
    coalesce(a.usename::text, '') AS "user",
    coalesce(a.application_name, '') AS application,
    coalesce(a.client_hostname, host(a.client_addr), '') AS client,
    coalesce(a.backend_type, '') AS backend,
    coalesce(a.state, '') AS state,
    coalesce(a.wait_event_type || ': ' || a.wait_event, '') AS wait,
    extract(epoch FROM a.now - CASE
        WHEN a.state = 'active' THEN a.query_start ELSE a.state_change
    END)::float8 AS running,
    extract(epoch FROM a.now - a.xact_start)::float8 AS in_transaction,
    CASE
        WHEN a.wait_event_type = 'Lock' THEN extract(epoch FROM a.now - coalesce(l.since, a.now))::float8
    END AS waiting,
    coalesce(w.blocked_by, '{}')::int4[] AS blocked_by,
    left(a.query, 10000) AS query,
    coalesce(a.query_id::text, '') AS query_id,
    count(*) OVER ()::int8 AS found
FROM activity AS a
LEFT JOIN waiters AS w USING (pid)
LEFT JOIN waits AS l USING (pid)
WHERE a.pid IN (SELECT pid FROM blockers)
    OR a.wait_event_type = 'Lock'
    OR (
        a.backend_type IN ('client backend', 'autovacuum worker')
        AND (
            a.state = 'active' AND a.now - a.query_start >= make_interval(secs => $1)
            OR a.state LIKE 'idle in transaction%'
            AND a.now - a.state_change >= make_interval(secs => $1)
        )
    )
ORDER BY
    a.pid IN (SELECT pid FROM blockers) DESC,
    coalesce(a.xact_start, a.query_start)
LIMIT $2
