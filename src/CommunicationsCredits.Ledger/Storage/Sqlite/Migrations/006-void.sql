-- What a call left of a pool that was less than its increment (A2): so that a reversal gives it back, and verification can count it.
ALTER TABLE usage ADD COLUMN void_seconds INTEGER NOT NULL DEFAULT 0;
