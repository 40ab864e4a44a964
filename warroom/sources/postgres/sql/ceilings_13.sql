-- Databases and roles that have a ceiling of their own. What is reserved for superusers is no
-- matter here: these bind ordinary roles only.
SELECT /* warroom ceilings */ 'database' AS kind, datname::text AS name, datconnlimit::int4 AS usable
FROM pg_database
WHERE datconnlimit >= 0 AND datallowconn
UNION ALL
SELECT 'role', rolname::text, rolconnlimit::int4
FROM pg_roles
WHERE rolconnlimit >= 0 AND rolcanlogin AND NOT rolsuper
