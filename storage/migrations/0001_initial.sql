-- Every table with anything of a person has a column "person", so that forgetting can be proved table by table.
-- Instants are microseconds since 1970 in UTC. Free text stands in JSON columns.

CREATE TABLE persons (
    person      TEXT    NOT NULL PRIMARY KEY,
    first_seen  INTEGER NOT NULL,
    preferences TEXT    NOT NULL CHECK (json_valid(preferences)),
    session     TEXT    NOT NULL CHECK (json_valid(session)),
    version     INTEGER NOT NULL CHECK (version > 0),
    reachable   INTEGER NOT NULL CHECK (reachable IN (0, 1))
) STRICT;

CREATE TABLE cases (
    id     TEXT    NOT NULL PRIMARY KEY,
    person TEXT    NOT NULL REFERENCES persons (person) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    open   INTEGER NOT NULL CHECK (open IN (0, 1)),
    told   TEXT    NOT NULL CHECK (json_valid(told)),
    UNIQUE (person, number),
    UNIQUE (id, person)
) STRICT;

CREATE TABLE entries (
    case_id TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    data    TEXT    NOT NULL CHECK (json_valid(data)),
    message TEXT    NOT NULL,
    PRIMARY KEY (case_id, seq),
    FOREIGN KEY (case_id, person) REFERENCES cases (id, person) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: the id of a deleted row is never used again, so that a late outcome cannot hit another row.
CREATE TABLE reminders (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id     TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    deadline    TEXT    NOT NULL,
    occurrence  INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (
        state IN ('planned', 'sending', 'sent', 'done', 'unreachable', 'failed', 'missed', 'dropped')
    ),
    snoozed     INTEGER NOT NULL CHECK (snoozed IN (0, 1)),
    attempts    INTEGER NOT NULL,
    paused      INTEGER NOT NULL CHECK (paused IN (0, 1)),
    lease_until INTEGER,
    settled     INTEGER,
    -- When the row next asks for attention; NULL if never. One number, so that one index serves the idle tick.
    wake        INTEGER GENERATED ALWAYS AS (
        CASE WHEN paused THEN NULL WHEN state = 'planned' THEN due WHEN state = 'sending' THEN lease_until END
    ) VIRTUAL,
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    UNIQUE (case_id, kind, deadline, occurrence),
    FOREIGN KEY (case_id, person) REFERENCES cases (id, person) ON DELETE CASCADE
) STRICT;

CREATE INDEX reminders_wake ON reminders (wake) WHERE wake IS NOT NULL;
CREATE INDEX reminders_person ON reminders (person);
-- At most one message is on its way to a person.
CREATE UNIQUE INDEX reminders_sending ON reminders (person) WHERE state = 'sending';

CREATE TRIGGER persons_reachable AFTER UPDATE OF reachable ON persons WHEN NEW.reachable <> OLD.reachable
BEGIN
    UPDATE reminders SET paused = NOT NEW.reachable WHERE person = NEW.person;
END;

CREATE TABLE letters (
    id      INTEGER NOT NULL PRIMARY KEY,
    case_id TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    text    TEXT    NOT NULL,
    rules   TEXT    NOT NULL CHECK (json_valid(rules)),
    FOREIGN KEY (case_id, person) REFERENCES cases (id, person) ON DELETE CASCADE
) STRICT;

CREATE INDEX letters_case ON letters (case_id);

-- Updates that were handled. No reference to persons: a stranger's first update comes before the stranger is stored.
CREATE TABLE seen (
    person TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_at ON seen (at);

-- Channels deliver again within days at most; 30 days (in microseconds) are kept.
CREATE TRIGGER seen_prune AFTER INSERT ON seen
BEGIN
    DELETE FROM seen WHERE at < NEW.at - 2592000000000;
END;

-- Steps of walks that somebody did not find; whose they were is not kept.
CREATE TABLE misses (
    step  TEXT    NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
