INSERT INTO entries
    (seq, incident, number, happened, written, kind, actor, body, once, previous, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
