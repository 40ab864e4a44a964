-- The oldest unfrozen transaction or multixact of each database: at 2^31 writes stop
-- (PostgreSQL documentation, "Preventing Transaction ID Wraparound Failures").
SELECT /* warroom ages */
    datname::text AS database,
    greatest(age(datfrozenxid), mxid_age(datminmxid))::int8 AS age
FROM pg_database
ORDER BY 2 DESC
LIMIT 1
