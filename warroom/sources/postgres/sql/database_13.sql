-- Counters of this database since they were last reset.
SELECT /* warroom database */
    xact_commit::int8 AS commits,
    xact_rollback::int8 AS rollbacks,
    blks_hit::int8 AS hit,
    blks_read::int8 AS read,
    deadlocks::int8 AS deadlocks,
    temp_bytes::int8 AS temp_bytes,
    stats_reset
FROM pg_stat_database
WHERE datname = current_database()
