-- Of sessions that a role may not see, no backend_type is shown (PostgreSQL, "pg_stat_activity").
SELECT
    count(*) FILTER (WHERE backend_type = 'client backend') AS clients,
    count(*) FILTER (WHERE backend_type IS NULL) AS unseen
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'warroom'
