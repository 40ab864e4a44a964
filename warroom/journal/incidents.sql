SELECT incident FROM entries
WHERE kind = 'declared' AND incident <> ''
ORDER BY seq
