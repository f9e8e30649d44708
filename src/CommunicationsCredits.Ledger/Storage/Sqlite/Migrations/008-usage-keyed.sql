-- Up to which record of a tenant the identities are in usage_key; those of the records after it are found in usage itself, and are
-- added in long sorted runs. No row is record 0.
CREATE TABLE usage_keyed (
    tenant INTEGER PRIMARY KEY,
    record INTEGER NOT NULL
) STRICT;

INSERT INTO usage_keyed SELECT tenant, records FROM account;
