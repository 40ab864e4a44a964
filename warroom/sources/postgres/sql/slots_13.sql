-- Replication slots, and the WAL that is kept for them.
SELECT /* warroom slots */
    slot_name::text AS name,
    slot_type AS kind,
    active,
    coalesce(wal_status, '') AS status,
    pg_wal_lsn_diff(
        CASE
            WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn()
        END,
        restart_lsn
    )::float8 AS retained
FROM pg_replication_slots
ORDER BY 5 DESC NULLS LAST
LIMIT 100
