-- What lies idle too long is deleted (RETENTION_DAYS): when somebody wrote last, when they are looked at next, and what
-- they were told of it.

ALTER TABLE persons ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
ALTER TABLE persons ADD COLUMN look INTEGER NOT NULL DEFAULT 0;

UPDATE persons SET active = max(
    first_seen,
    coalesce((SELECT max(at) FROM seen WHERE seen.person = persons.person), 0),
    coalesce((SELECT max(at) FROM entries WHERE entries.person = persons.person), 0)
);

CREATE INDEX persons_look ON persons (look);

-- A stranger's first update is noted before the stranger is stored.
CREATE TRIGGER persons_began AFTER INSERT ON persons WHEN NEW.active = 0
BEGIN
    UPDATE persons SET active = NEW.first_seen WHERE person = NEW.person;
END;

CREATE TRIGGER persons_active AFTER INSERT ON seen
BEGIN
    UPDATE persons SET active = NEW.at WHERE person = NEW.person AND active < NEW.at;
END;

-- That something will be deleted, and from when on. Void if what it was counted from has moved since.
CREATE TABLE warnings (
    person    TEXT    NOT NULL REFERENCES persons (person) ON DELETE CASCADE,
    -- Empty: everything of the person.
    case_id   TEXT    NOT NULL,
    since     INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    goes_with TEXT    GENERATED ALWAYS AS (nullif(case_id, '')) VIRTUAL,
    PRIMARY KEY (person, case_id),
    FOREIGN KEY (goes_with, person) REFERENCES cases (id, person) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX warnings_case ON warnings (goes_with, person);
CREATE INDEX transcript_at ON transcript (at);
