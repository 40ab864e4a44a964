-- Those that stream from this server. Without pg_monitor all but their number is hidden.
SELECT /* warroom replicas */
    coalesce(nullif(application_name, ''), usename::text, pid::text) AS name,
    coalesce(state, '') AS state,
    coalesce(sync_state, '') AS sync,
    extract(epoch FROM replay_lag)::float8 AS lag,
    pg_wal_lsn_diff(
        CASE
            WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn()
        END,
        replay_lsn
    )::float8 AS lag_bytes
FROM pg_stat_replication
ORDER BY 5 DESC NULLS FIRST
LIMIT 100
