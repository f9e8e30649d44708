-- Instants are 100 ns ticks UTC, amounts are millionths; every key of a tenant's data begins with the tenant.

CREATE TABLE tenant (
    tenant INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    id_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    country TEXT NOT NULL,
    notification_email TEXT NOT NULL,
    low_balance INTEGER,
    account_from INTEGER,
    status INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Where each tenant's chain, lots, records and imports have got to.
CREATE TABLE account (
    tenant INTEGER PRIMARY KEY REFERENCES tenant,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    posted_at INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    money_entries INTEGER NOT NULL,
    lots INTEGER NOT NULL,
    records INTEGER NOT NULL,
    imports INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
    tenant INTEGER NOT NULL REFERENCES tenant,
    sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reference TEXT,
    description TEXT,
    lot INTEGER,
    record INTEGER,
    reverses INTEGER,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;

-- What counts when: of calls, usage_started says it.
CREATE INDEX entry_effective ON entry (tenant, effective_at, amount) WHERE kind <> 2;

CREATE TABLE lot (
    tenant INTEGER NOT NULL REFERENCES tenant,
    lot INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    forfeited INTEGER NOT NULL,
    purchased_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    source INTEGER NOT NULL,
    reference TEXT,
    reversed INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (tenant, lot)
) STRICT, WITHOUT ROWID;

CREATE INDEX lot_undrawn ON lot (tenant, expires_at) WHERE remaining > 0;

-- Which lot paid how much of which entry, and which entry's posting made it so; what a reversal returns is negative. An entry
-- that one lot paid whole when it was posted names that lot itself, and has no draw of its own here.
CREATE TABLE draw (
    tenant INTEGER NOT NULL REFERENCES tenant,
    entry INTEGER NOT NULL,
    part INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    posted INTEGER NOT NULL,
    PRIMARY KEY (tenant, entry, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX draw_posted_later ON draw (tenant, posted) WHERE posted <> entry;

-- What of an entry no lot has paid yet (F4).
CREATE TABLE debt (
    tenant INTEGER NOT NULL REFERENCES tenant,
    effective_at INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    unpaid INTEGER NOT NULL,
    PRIMARY KEY (tenant, effective_at, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage (
    tenant INTEGER NOT NULL REFERENCES tenant,
    record INTEGER NOT NULL,
    key BLOB NOT NULL,
    record_id TEXT,
    import INTEGER NOT NULL,
    entry INTEGER,
    started_at INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    call_type TEXT NOT NULL,
    service INTEGER,
    caller TEXT,
    callee TEXT,
    user TEXT,
    capability TEXT,
    destination TEXT,
    country TEXT,
    domestic INTEGER,
    billed_seconds INTEGER NOT NULL,
    pooled_seconds INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    recorded_charge INTEGER,
    rated_charge INTEGER,
    record_currency TEXT,
    sheet INTEGER,
    status INTEGER NOT NULL,
    salt BLOB,
    personal BLOB,
    PRIMARY KEY (tenant, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_started ON usage (tenant, started_at, entry, charge);

CREATE INDEX usage_unrated ON usage (tenant, record) WHERE status = 4;

-- Which record an identity stands for now; a correction moves it to the new one (U2, U3).
CREATE TABLE usage_key (
    tenant INTEGER NOT NULL REFERENCES tenant,
    key BLOB NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
    tenant INTEGER NOT NULL REFERENCES tenant,
    import INTEGER NOT NULL,
    source TEXT NOT NULL,
    format INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
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
    PRIMARY KEY (tenant, import)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    tenant INTEGER NOT NULL REFERENCES tenant,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    parameters TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (tenant, operation, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sheet (
    sheet INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    service INTEGER NOT NULL,
    currency TEXT NOT NULL,
    effective_from INTEGER NOT NULL,
    initial_increment INTEGER NOT NULL,
    increment INTEGER NOT NULL,
    connection_fee INTEGER NOT NULL,
    decimals INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    rate_count INTEGER NOT NULL,
    UNIQUE (name_key, service, currency, effective_from)
) STRICT;

CREATE TABLE rate (
    sheet INTEGER NOT NULL REFERENCES sheet,
    prefix TEXT NOT NULL,
    price INTEGER NOT NULL,
    destination TEXT,
    country TEXT,
    PRIMARY KEY (sheet, prefix)
) STRICT, WITHOUT ROWID;

-- The sheets that a charge was made by: they stay as they are (G2).
CREATE TABLE sheet_used (
    tenant INTEGER NOT NULL REFERENCES tenant,
    sheet INTEGER NOT NULL REFERENCES sheet,
    PRIMARY KEY (tenant, sheet)
) STRICT, WITHOUT ROWID;

-- Counts the changes of rates, so that whoever keeps them in memory knows when they are out of date.
CREATE TABLE rate_version (version INTEGER NOT NULL) STRICT;

INSERT INTO rate_version VALUES (1);
