-- Sums since the last reset, of the statements that took most time. {schema} is where the
-- extension lives. Without texts, which would have to be read from a file.
SELECT /* warroom statements */
    coalesce(s.queryid::text, '') AS query_id,
    coalesce(r.rolname::text, s.userid::text) AS "user",
    sum(s.calls)::float8 AS calls,
    sum(s.total_exec_time)::float8 AS total,
    sum(s.rows)::float8 AS rows
FROM {schema}.pg_stat_statements(false) AS s
LEFT JOIN pg_roles AS r ON r.oid = s.userid
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND s.queryid IS NOT NULL
GROUP BY 1, 2
ORDER BY 4 DESC
LIMIT 1000
