-- The schema of 1.0.0, drawn for SQLite and PostgreSQL alike: a charged call and its entry are one row; what happens to a record
-- later stands in tables of its own, so that entries, usage and draws are only ever added to.

-- What this ledger is, where its own chain has got to (H1b), and the counters of what belongs to no tenant.
CREATE TABLE ledger (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    application TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    rate_version INTEGER NOT NULL,
    tenants INTEGER NOT NULL,
    sheets INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

INSERT INTO ledger SELECT 1, 'CommunicationsCredits', 7, version,
    coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'tenant'), 0),
    coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'sheet'), 0), 0, zeroblob(32) FROM rate_version;

DROP TABLE rate_version;

-- The ledger's own chain, without money: tenants, rate sheets, migrations, restores (H1b).
CREATE TABLE ledger_entry (
    sequence INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    digest BLOB,
    hash BLOB NOT NULL
) STRICT;

-- A removed tenant keeps its row, and gives its id back: id_key is then null (H1b).
CREATE TABLE tenant_7 (
    tenant INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    id_key TEXT UNIQUE,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    country TEXT NOT NULL,
    notification_email TEXT NOT NULL,
    low_balance INTEGER,
    account_from INTEGER,
    status INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;

INSERT INTO tenant_7 SELECT tenant, id, id_key, name, currency, country, notification_email, low_balance, account_from, status,
    created_at, NULL FROM tenant;
DROP TABLE tenant;
ALTER TABLE tenant_7 RENAME TO tenant;

-- The heads of each tenant's chain, its counters, and the sums that a posting is checked against.
CREATE TABLE account_7 (
    tenant INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    posted_at INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    debt INTEGER NOT NULL,
    money_entries INTEGER NOT NULL,
    lots INTEGER NOT NULL,
    records INTEGER NOT NULL,
    imports INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    notifications INTEGER NOT NULL,
    episodes INTEGER NOT NULL
) STRICT;

INSERT INTO account_7 SELECT a.tenant, a.sequence, a.hash, a.posted_at, a.balance,
    coalesce((SELECT sum(d.unpaid) FROM debt d WHERE d.tenant = a.tenant), 0), a.money_entries, a.lots, a.records, a.imports,
    coalesce((SELECT max(t.attempt) FROM attempt t WHERE t.tenant = a.tenant), 0),
    coalesce((SELECT max(n.notification) FROM notification n WHERE n.tenant = a.tenant), 0), 0 FROM account a;
DROP TABLE account;
ALTER TABLE account_7 RENAME TO account;

-- A record, and the entry that charges it where it was charged when it was imported: sequence to hash. It is never changed; only its
-- personal data is blanked (C4).
CREATE TABLE usage_7 (
    tenant INTEGER NOT NULL,
    record INTEGER NOT NULL,
    import INTEGER NOT NULL,
    key BLOB NOT NULL,
    record_id TEXT,
    started_at INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    call_type TEXT NOT NULL,
    service INTEGER,
    caller TEXT,
    callee TEXT,
    user_name TEXT,
    capability TEXT,
    destination TEXT,
    usage_country TEXT,
    other_country TEXT,
    operator TEXT,
    administrative_units TEXT,
    number_type TEXT,
    domestic INTEGER,
    billed_seconds INTEGER NOT NULL,
    pooled_seconds INTEGER NOT NULL,
    void_seconds INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    recorded_charge INTEGER,
    rated_charge INTEGER,
    record_currency TEXT,
    sheet INTEGER,
    prefix TEXT,
    status INTEGER NOT NULL,
    salt BLOB,
    personal BLOB,
    sequence INTEGER,
    balance_after INTEGER,
    posted_at INTEGER,
    recorded_at INTEGER,
    actor TEXT,
    lot INTEGER,
    formula INTEGER NOT NULL,
    hash BLOB,
    PRIMARY KEY (tenant, record)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_7 SELECT u.tenant, u.record, u.import, u.key, u.record_id, u.started_at, u.duration, u.call_type, u.service,
    u.caller, u.callee, u.user, u.capability, u.destination, u.country, NULL, NULL, NULL, NULL, u.domestic, u.billed_seconds,
    u.pooled_seconds, u.void_seconds, u.charge, u.recorded_charge, u.rated_charge, u.record_currency, u.sheet, NULL,
    CASE WHEN u.status <> 5 OR e.sequence IS NULL THEN u.status
        WHEN u.pooled_seconds > 0 AND u.pooled_seconds = u.billed_seconds THEN 1 ELSE 0 END,
    u.salt, u.personal, e.sequence, e.balance_after, e.posted_at, NULL, e.actor, e.lot, 1, e.hash
    FROM usage u LEFT JOIN entry e ON e.tenant = u.tenant AND e.sequence = u.entry ORDER BY u.tenant, u.record;

-- What rating an unrated record later made of it (G7).
CREATE TABLE usage_rated (
    tenant INTEGER NOT NULL,
    record INTEGER NOT NULL,
    import INTEGER NOT NULL,
    entry INTEGER,
    service INTEGER,
    billed_seconds INTEGER NOT NULL,
    pooled_seconds INTEGER NOT NULL,
    void_seconds INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    rated_charge INTEGER,
    sheet INTEGER,
    prefix TEXT,
    status INTEGER NOT NULL,
    PRIMARY KEY (tenant, record)
) STRICT, WITHOUT ROWID;

-- Which records were reversed, by which entry, or where they had none by which import (C1).
CREATE TABLE usage_reversed (
    tenant INTEGER NOT NULL,
    record INTEGER NOT NULL,
    entry INTEGER,
    import INTEGER,
    PRIMARY KEY (tenant, record)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_reversed SELECT u.tenant, u.record, r.sequence, CASE WHEN r.sequence IS NULL THEN u.import END FROM usage u
    LEFT JOIN entry r ON r.tenant = u.tenant AND r.reverses = u.entry WHERE u.status = 5;

-- The entries that are no call's own row.
CREATE TABLE entry_7 (
    tenant INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    recorded_at INTEGER,
    actor TEXT NOT NULL,
    reference TEXT,
    description TEXT,
    lot INTEGER,
    record INTEGER,
    reverses INTEGER,
    digests TEXT,
    formula INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;

INSERT INTO entry_7 SELECT tenant, sequence, kind, amount, balance_after, effective_at, posted_at, NULL, actor, reference,
    description, lot, record, reverses, NULL, 1, hash FROM entry WHERE kind <> 2;
DROP TABLE entry;
DROP TABLE usage;
ALTER TABLE entry_7 RENAME TO entry;
ALTER TABLE usage_7 RENAME TO usage;

CREATE UNIQUE INDEX usage_entry ON usage (tenant, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX usage_started ON usage (tenant, started_at, sequence, charge);
CREATE INDEX usage_unrated ON usage (tenant, status, record) WHERE status = 4;
CREATE INDEX usage_rated_entry ON usage_rated (tenant, entry);
CREATE INDEX entry_effective ON entry (tenant, effective_at, amount);
CREATE UNIQUE INDEX entry_reverses ON entry (tenant, reverses) WHERE reverses IS NOT NULL;

-- Where the clock read less than the entry before had: rare, and what an account was as posted depends on it (F8).
CREATE INDEX entry_recorded ON entry (tenant, recorded_at) WHERE recorded_at IS NOT NULL;
CREATE INDEX usage_recorded ON usage (tenant, recorded_at) WHERE recorded_at IS NOT NULL;

-- How many draws a debt's entry has, so that a repayment need not count them.
ALTER TABLE debt ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
UPDATE debt SET parts = (SELECT count(*) FROM draw w WHERE w.tenant = debt.tenant AND w.entry = debt.entry);

CREATE TABLE import_7 (
    tenant INTEGER NOT NULL,
    import INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    source TEXT NOT NULL,
    format INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    status INTEGER NOT NULL,
    read INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    duplicate INTEGER NOT NULL,
    free INTEGER NOT NULL,
    excluded INTEGER NOT NULL,
    unrated INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    charged INTEGER NOT NULL,
    recharged INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    elapsed INTEGER NOT NULL,
    period_from INTEGER,
    period_to INTEGER,
    exported_from INTEGER,
    exported_to INTEGER,
    undoes INTEGER,
    records BLOB,
    entry INTEGER,
    PRIMARY KEY (tenant, import)
) STRICT, WITHOUT ROWID;

INSERT INTO import_7 SELECT i.tenant, i.import,
    CASE WHEN i.source LIKE '(undo of %' THEN 2 WHEN i.source = '(unrated)' THEN 1 ELSE 0 END,
    i.source, i.format, i.started_at,
    coalesce((SELECT u.actor FROM usage u WHERE u.tenant = i.tenant AND u.import = i.import AND u.actor IS NOT NULL LIMIT 1), ''), 1,
    i.read, i.imported, i.duplicate, i.free, i.excluded, i.unrated, i.rejected, i.charged, i.recharged, i.balance_after, i.elapsed,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM import i;
DROP TABLE import;
ALTER TABLE import_7 RENAME TO import;

-- Imports whose records without an entry no entry vouches for yet (H1a).
CREATE INDEX import_open ON import (tenant) WHERE entry IS NULL;

-- The sixteen record ids with the smallest hashes of each import, to notice a file given to two tenants.
CREATE TABLE import_sample (
    tenant INTEGER NOT NULL,
    import INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (tenant, import, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_sample_key ON import_sample (key);

-- What the rule has come to, apart from what was set (R6, R10, R11).
CREATE TABLE recharge_state (
    tenant INTEGER PRIMARY KEY,
    declines INTEGER NOT NULL,
    retry_at INTEGER,
    last_failure TEXT,
    paused TEXT,
    held_at INTEGER,
    held TEXT
) STRICT;

INSERT INTO recharge_state SELECT tenant, declines, retry_at, last_failure, NULL, NULL, NULL FROM recharge_rule;
ALTER TABLE recharge_rule DROP COLUMN declines;
ALTER TABLE recharge_rule DROP COLUMN retry_at;
ALTER TABLE recharge_rule DROP COLUMN last_failure;

ALTER TABLE attempt RENAME COLUMN told_unknown TO unknown_notified;
ALTER TABLE attempt ADD COLUMN episode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notification ADD COLUMN episode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE told RENAME TO notified;
ALTER TABLE pool_setting RENAME COLUMN licences TO licenses;
ALTER TABLE pool_month RENAME COLUMN user TO user_name;

-- Revisions of a version: only the newest is in force (G2). A removed one leaves its number in the ledger's chain.
CREATE TABLE sheet_7 (
    sheet INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    service INTEGER NOT NULL,
    currency TEXT NOT NULL,
    effective_from INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    initial_increment INTEGER NOT NULL,
    increment INTEGER NOT NULL,
    connection_fee INTEGER NOT NULL,
    decimals INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    rate_count INTEGER NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (name_key, service, currency, effective_from, revision)
) STRICT;

INSERT INTO sheet_7 SELECT sheet, name, name_key, service, currency, effective_from, 1, initial_increment, increment, connection_fee,
    decimals, rounding, rate_count, zeroblob(32) FROM sheet;

-- What a row of a list says itself goes before what its sheet says (G2a).
CREATE TABLE rate_7 (
    sheet INTEGER NOT NULL,
    prefix TEXT NOT NULL,
    price INTEGER NOT NULL,
    destination TEXT,
    country TEXT,
    destination_type TEXT,
    connection_fee INTEGER,
    initial_increment INTEGER,
    increment INTEGER,
    no_pool INTEGER NOT NULL,
    PRIMARY KEY (sheet, prefix)
) STRICT, WITHOUT ROWID;

INSERT INTO rate_7 SELECT sheet, prefix, price, destination, country, NULL, NULL, NULL, NULL, 0 FROM rate;
DROP TABLE rate;
DROP TABLE sheet;
ALTER TABLE rate_7 RENAME TO rate;
ALTER TABLE sheet_7 RENAME TO sheet;
