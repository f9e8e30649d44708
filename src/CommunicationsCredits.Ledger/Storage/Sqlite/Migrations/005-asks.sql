-- How often a gateway was sent an attempt's request: after the first time, that it was not reached says nothing of the charge.
ALTER TABLE attempt ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
UPDATE attempt SET asks = 1 WHERE asked_at IS NOT NULL;
