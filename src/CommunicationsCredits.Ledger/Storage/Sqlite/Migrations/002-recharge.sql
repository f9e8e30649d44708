-- Auto-recharge and notices.

CREATE TABLE recharge_rule (
    tenant INTEGER PRIMARY KEY REFERENCES tenant,
    enabled INTEGER NOT NULL,
    minimum INTEGER NOT NULL,
    amount INTEGER,
    target INTEGER,
    maximum_charge INTEGER,
    maximum_day INTEGER,
    maximum_month INTEGER,
    method TEXT,
    declines INTEGER NOT NULL,
    retry_at INTEGER,
    last_failure TEXT
) STRICT;

CREATE TABLE payment_method (
    tenant INTEGER NOT NULL REFERENCES tenant,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    gateway TEXT NOT NULL,
    token BLOB,
    token_end TEXT,
    expiry_month TEXT,
    purchase_order TEXT,
    PRIMARY KEY (tenant, name_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
    tenant INTEGER NOT NULL REFERENCES tenant,
    attempt INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT,
    started_at INTEGER NOT NULL,
    settled_at INTEGER,
    asked_at INTEGER,
    gateway TEXT NOT NULL,
    payment_reference TEXT,
    request BLOB,
    idempotency_key TEXT NOT NULL,
    told_unknown INTEGER NOT NULL,
    entry INTEGER,
    PRIMARY KEY (tenant, attempt)
) STRICT, WITHOUT ROWID;

-- R5: at most one open attempt a tenant, whatever processes do.
CREATE UNIQUE INDEX attempt_open ON attempt (tenant) WHERE state IN (0, 3);

CREATE INDEX attempt_started ON attempt (tenant, started_at);

CREATE TABLE notification (
    tenant INTEGER NOT NULL REFERENCES tenant,
    notification INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    last_error TEXT,
    PRIMARY KEY (tenant, notification)
) STRICT, WITHOUT ROWID;

CREATE INDEX notification_due ON notification (next_at) WHERE next_at IS NOT NULL;

-- What has been told and must not be told again until it is over (N2).
CREATE TABLE told (
    tenant INTEGER NOT NULL REFERENCES tenant,
    kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, subject)
) STRICT, WITHOUT ROWID;
