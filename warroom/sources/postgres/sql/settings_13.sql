-- What is set otherwise than built in, for all sessions.
SELECT /* warroom settings */ name, setting, coalesce(unit, '') AS unit
FROM pg_settings
WHERE source NOT IN ('default', 'client', 'session', 'override', 'database', 'user', 'database user')
