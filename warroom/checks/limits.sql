-- One row: that the transaction's own limits are in force. Anybody may read it.
SELECT /* warroom limits */
    current_setting('transaction_read_only') AS read_only,
    extract(epoch FROM current_setting('statement_timeout')::interval)::float8 AS statement_timeout,
    extract(epoch FROM current_setting('lock_timeout')::interval)::float8 AS lock_timeout
