-- Whether pg_stat_statements can be read here, and where its functions are. The libraries can
-- be seen with pg_monitor only.
SELECT /* warroom extension */
    e.extversion AS version,
    quote_ident(n.nspname) AS schema,
    position('pg_stat_statements' IN coalesce(l.setting, '')) > 0 AS preloaded,
    l.setting IS NOT NULL AS known
FROM (SELECT 1) AS one
LEFT JOIN pg_extension AS e ON e.extname = 'pg_stat_statements'
LEFT JOIN pg_namespace AS n ON n.oid = e.extnamespace
LEFT JOIN pg_settings AS l ON l.name = 'shared_preload_libraries'
