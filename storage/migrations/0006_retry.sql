-- When a send that did not get through is tried again. The moment that a reminder was for stays what it was: how late
-- it is, and when it is too late to help, are counted from that.

ALTER TABLE reminders ADD COLUMN retry_at INTEGER;

DROP INDEX reminders_wake;
ALTER TABLE reminders DROP COLUMN wake;
ALTER TABLE reminders ADD COLUMN wake INTEGER GENERATED ALWAYS AS (
    CASE
        WHEN paused THEN NULL
        WHEN state = 'planned' THEN max(due, coalesce(retry_at, due))
        WHEN state = 'sending' THEN lease_until
    END
) VIRTUAL;

CREATE INDEX reminders_wake ON reminders (wake) WHERE wake IS NOT NULL;
