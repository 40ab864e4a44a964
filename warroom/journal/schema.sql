-- The journal, version 1. One row is one entry; none is ever changed or taken away.
CREATE TABLE entries (
    seq      INTEGER PRIMARY KEY,
    incident TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    happened TEXT    NOT NULL,
    written  TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    once     TEXT,
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL,
    UNIQUE (incident, number)
) STRICT;

CREATE UNIQUE INDEX entries_once ON entries (once) WHERE once IS NOT NULL;

CREATE INDEX entries_turning ON entries (incident, seq)
    WHERE kind IN ('declared', 'resolved', 'reopened');

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'an entry is never changed');
END;

CREATE TRIGGER entries_are_never_taken_away BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'an entry is never taken away');
END;

CREATE TRIGGER entries_follow_each_other BEFORE INSERT ON entries
WHEN NEW.seq <> coalesce((SELECT max(seq) FROM entries), 0) + 1
BEGIN
    SELECT RAISE(ABORT, 'an entry comes right after the one before');
END;
