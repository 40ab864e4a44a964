-- Whether it is still at it: $4 is whether the session itself should be gone, or its query.
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE pid = $1 AND backend_start = $2
      AND ($4 OR (state = 'active' AND query_start IS NOT DISTINCT FROM $3))
)
