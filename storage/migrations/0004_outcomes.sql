-- How cases ended, by problem: counts only. Whose they were is not kept, so they outlive a person who is forgotten.
CREATE TABLE outcomes (
    problem TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (problem, outcome)
) STRICT, WITHOUT ROWID;
