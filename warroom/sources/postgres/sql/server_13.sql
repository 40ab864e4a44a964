-- One row: which server this is, what it allows, and that the poll's own limits are in force.
-- Anybody may read it.
SELECT /* warroom server */
    current_setting('transaction_read_only') AS read_only,
    extract(epoch FROM current_setting('statement_timeout')::interval)::float8 AS statement_timeout,
    extract(epoch FROM current_setting('lock_timeout')::interval)::float8 AS lock_timeout,
    current_setting('server_version_num')::int4 AS version_number,
    current_setting('server_version') AS version,
    current_database()::text AS database,
    session_user::text AS "user",
    pg_is_in_recovery() AS in_recovery,
    pg_postmaster_start_time() AS started_at,
    pg_conf_load_time() AS loaded_at,
    current_setting('max_connections')::int4 AS max_connections,
    current_setting('superuser_reserved_connections')::int4
        + coalesce(current_setting('reserved_connections', true)::int4, 0) AS reserved
