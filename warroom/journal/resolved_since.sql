-- Those whose last turn was their resolution, not before that time. SQLite takes the other columns
-- from the row that has the max.
SELECT incident FROM (
    SELECT incident, kind, written, max(seq) AS last
    FROM entries
    WHERE kind IN ('declared', 'resolved', 'reopened')
    GROUP BY incident
)
WHERE kind = 'resolved' AND incident <> '' AND written >= ?1
ORDER BY last
