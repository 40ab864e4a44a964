-- The cluster's own number: the same on a primary and its replicas, and on no other.
SELECT /* warroom identity */ system_identifier::text AS system_identifier
FROM pg_control_system()
