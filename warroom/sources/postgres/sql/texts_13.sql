-- The texts of the statements in $1, once for each.
SELECT /* warroom texts */ queryid::text AS query_id, left(min(query), 10000) AS query
FROM {schema}.pg_stat_statements(true)
WHERE queryid = ANY ($1::text[]::int8[])
GROUP BY 1
