-- On a replica: how far it is behind what it was sent, and whether anybody sends.
SELECT /* warroom standby */
    EXISTS (SELECT FROM pg_stat_wal_receiver) AS receiving,
    pg_last_wal_receive_lsn() IS NOT DISTINCT FROM pg_last_wal_replay_lsn() AS level,
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 AS replayed_ago,
    pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8 AS behind
