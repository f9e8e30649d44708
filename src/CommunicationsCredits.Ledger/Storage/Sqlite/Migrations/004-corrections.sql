-- C1: an entry is reversed at most once, whatever processes do.
CREATE UNIQUE INDEX entry_reverses ON entry (tenant, reverses) WHERE reverses IS NOT NULL;
