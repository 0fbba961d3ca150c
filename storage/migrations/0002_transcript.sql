-- What a channel that keeps its own messages (the web page) has shown, and whose page it is.

-- A row belongs to a person who is stored: a reminder that is late for somebody forgotten cannot leave one behind.
CREATE TABLE transcript (
    person TEXT    NOT NULL REFERENCES persons (person) ON DELETE CASCADE,
    seq    INTEGER NOT NULL CHECK (seq > 0),
    at     INTEGER NOT NULL,
    row    TEXT    NOT NULL CHECK (json_valid(row)),
    PRIMARY KEY (person, seq)
) STRICT;

-- No reference to persons: a page is opened before anything is said. Of a token only its SHA-256 is kept.
CREATE TABLE sessions (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    person     TEXT    NOT NULL,
    created    INTEGER NOT NULL,
    used       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_used ON sessions (used);

CREATE TABLE links (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    person     TEXT    NOT NULL,
    expires    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX links_person ON links (person);
