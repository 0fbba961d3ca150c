-- Kept files (who needs which content) and slow work. The contents lie in a folder of their own, by their SHA-256.

CREATE TABLE files (
    person   TEXT    NOT NULL REFERENCES persons (person) ON DELETE CASCADE,
    -- Empty: waits for a case, or is an export.
    case_id  TEXT    NOT NULL,
    sha256   TEXT    NOT NULL CHECK (length(sha256) = 64),
    size     INTEGER NOT NULL CHECK (size >= 0),
    type     TEXT    NOT NULL,
    until    INTEGER,
    -- A reference cannot be empty, but it can be NULL; a primary key cannot.
    goes_with TEXT   GENERATED ALWAYS AS (nullif(case_id, '')) VIRTUAL,
    PRIMARY KEY (person, case_id, sha256),
    FOREIGN KEY (goes_with, person) REFERENCES cases (id, person) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX files_sha256 ON files (sha256);
CREATE INDEX files_case ON files (goes_with, person);
CREATE INDEX files_until ON files (until) WHERE until IS NOT NULL;

-- Contents that nobody needs any more and that are still on the disk: durable, so that a crash leaves none behind.
CREATE TABLE orphans (
    sha256 TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER files_orphaned AFTER DELETE ON files
WHEN NOT EXISTS (SELECT 1 FROM files WHERE sha256 = OLD.sha256)
BEGIN
    INSERT INTO orphans (sha256) VALUES (OLD.sha256) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER files_needed_again AFTER INSERT ON files
BEGIN
    DELETE FROM orphans WHERE sha256 = NEW.sha256;
END;

-- Whose the folder of contents is: what another database does not name would otherwise be deleted there.
CREATE TABLE identity (
    id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO identity (id) VALUES (lower(hex(randomblob(16))));

-- AUTOINCREMENT: the id of a job that was called off is never used again, so that a late outcome cannot hit another.
CREATE TABLE jobs (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person      TEXT    NOT NULL REFERENCES persons (person) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    data        TEXT    NOT NULL CHECK (json_valid(data)),
    due         INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    -- When the row next asks for attention. One number, so that one index serves the idle look.
    wake        INTEGER GENERATED ALWAYS AS (coalesce(lease_until, due)) VIRTUAL
) STRICT;

CREATE INDEX jobs_wake ON jobs (wake);
CREATE INDEX jobs_person ON jobs (person);
