-- What is done to everybody once, and again only when it would come out otherwise: with what it was last done.

CREATE TABLE in_step (
    matter TEXT NOT NULL PRIMARY KEY,
    value  TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

-- Of what is looked for again and again, only that; however much else there is.

CREATE INDEX jobs_leased ON jobs (id) WHERE lease_until IS NOT NULL;
CREATE INDEX links_expires ON links (expires);

-- Pages that were opened and never written to are dropped soon, the others late: two different few among many.
ALTER TABLE sessions ADD COLUMN silent INTEGER NOT NULL DEFAULT 0 CHECK (silent IN (0, 1));

UPDATE sessions SET silent = 1 WHERE person NOT IN (SELECT person FROM persons);

CREATE INDEX sessions_silent ON sessions (used) WHERE silent = 1;

CREATE TRIGGER persons_spoke AFTER INSERT ON persons
BEGIN
    UPDATE sessions SET silent = 0 WHERE person = NEW.person AND silent = 1;
END;
