-- SQLite takes the other columns from the row that has the max.
SELECT incident FROM (
    SELECT incident, kind, min(seq) AS first, max(seq)
    FROM entries
    WHERE kind IN ('declared', 'resolved', 'reopened')
    GROUP BY incident
)
WHERE kind <> 'resolved' AND incident <> ''
ORDER BY first
