-- The schema of 1.0.0 on PostgreSQL, equal in meaning to that of an SQLite ledger: what each table is for is said there, in its migrations.
-- Instants are 100 ns ticks UTC and amounts are millionths, both bigint, for PostgreSQL's own instants keep a microsecond only. Text is
-- COLLATE "C": it is compared and ordered by its bytes, the same on every server. Every writer of a tenant first locks its row of account.

CREATE TABLE account (
    tenant bigint PRIMARY KEY,
    sequence bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    posted_at bigint NOT NULL,
    balance bigint NOT NULL,
    debt bigint NOT NULL,
    money_entries bigint NOT NULL,
    lots bigint NOT NULL,
    records bigint NOT NULL,
    imports bigint NOT NULL,
    attempts bigint NOT NULL,
    notifications bigint NOT NULL,
    episodes bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE alarm (
    tenant bigint NOT NULL,
    first_day bigint NOT NULL,
    last_day bigint NOT NULL,
    raised_at bigint NOT NULL,
    is_open bigint NOT NULL,
    seen text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, first_day)
);

CREATE TABLE attempt (
    tenant bigint NOT NULL,
    attempt bigint NOT NULL,
    amount bigint NOT NULL,
    state bigint NOT NULL,
    reason text COLLATE "C",
    started_at bigint NOT NULL,
    settled_at bigint,
    asked_at bigint,
    gateway text COLLATE "C" NOT NULL,
    payment_reference text COLLATE "C",
    request bytea,
    idempotency_key text COLLATE "C" NOT NULL,
    unknown_notified bigint NOT NULL,
    entry bigint,
    asks bigint NOT NULL DEFAULT 0,
    episode bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, attempt)
);
CREATE UNIQUE INDEX attempt_open ON attempt (tenant) WHERE state IN (0, 3);
CREATE INDEX attempt_started ON attempt (tenant, started_at);

CREATE TABLE budget (
    tenant bigint NOT NULL,
    scope bigint NOT NULL,
    subject_key text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (tenant, scope, subject_key)
);

CREATE TABLE budget_month (
    tenant bigint NOT NULL,
    month bigint NOT NULL,
    scope bigint NOT NULL,
    subject_key text COLLATE "C" NOT NULL,
    percent bigint NOT NULL,
    runs_out bigint NOT NULL,
    notified_day bigint NOT NULL,
    PRIMARY KEY (tenant, month, scope, subject_key)
);

CREATE TABLE credit_user (
    tenant bigint NOT NULL,
    user_key text COLLATE "C" NOT NULL,
    month bigint NOT NULL,
    user_name text COLLATE "C" NOT NULL,
    display_name text COLLATE "C",
    department text COLLATE "C",
    cost_center text COLLATE "C",
    PRIMARY KEY (tenant, user_key, month)
);

CREATE TABLE debt (
    tenant bigint NOT NULL,
    effective_at bigint NOT NULL,
    entry bigint NOT NULL,
    unpaid bigint NOT NULL,
    parts bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, effective_at, entry)
);

CREATE TABLE draw (
    tenant bigint NOT NULL,
    entry bigint NOT NULL,
    part bigint NOT NULL,
    lot bigint NOT NULL,
    amount bigint NOT NULL,
    posted bigint NOT NULL,
    PRIMARY KEY (tenant, entry, part)
);
CREATE INDEX draw_posted_later ON draw (tenant, posted) WHERE posted <> entry;

CREATE TABLE entry (
    tenant bigint NOT NULL,
    sequence bigint NOT NULL,
    kind bigint NOT NULL,
    amount bigint NOT NULL,
    balance_after bigint NOT NULL,
    effective_at bigint NOT NULL,
    posted_at bigint NOT NULL,
    recorded_at bigint,
    actor text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    description text COLLATE "C",
    lot bigint,
    record bigint,
    reverses bigint,
    digests text COLLATE "C",
    formula bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (tenant, sequence)
);
CREATE INDEX entry_effective ON entry (tenant, effective_at, amount);
CREATE UNIQUE INDEX entry_reverses ON entry (tenant, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX entry_recorded ON entry (tenant, recorded_at) WHERE recorded_at IS NOT NULL;

CREATE TABLE guard (
    tenant bigint PRIMARY KEY,
    enabled bigint NOT NULL,
    sensitivity bigint NOT NULL,
    hold_recharge bigint NOT NULL,
    allowed_country text COLLATE "C" NOT NULL
);

CREATE TABLE idempotency (
    tenant bigint NOT NULL,
    operation text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    parameters text COLLATE "C" NOT NULL,
    entry bigint NOT NULL,
    PRIMARY KEY (tenant, operation, key)
);

CREATE TABLE import (
    tenant bigint NOT NULL,
    import bigint NOT NULL,
    kind bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    format bigint NOT NULL,
    started_at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    status bigint NOT NULL,
    read bigint NOT NULL,
    imported bigint NOT NULL,
    duplicate bigint NOT NULL,
    free bigint NOT NULL,
    excluded bigint NOT NULL,
    unrated bigint NOT NULL,
    rejected bigint NOT NULL,
    charged bigint NOT NULL,
    recharged bigint NOT NULL,
    balance_after bigint NOT NULL,
    elapsed bigint NOT NULL,
    period_from bigint,
    period_to bigint,
    exported_from bigint,
    exported_to bigint,
    undoes bigint,
    records bytea,
    entry bigint,
    PRIMARY KEY (tenant, import)
);
CREATE INDEX import_open ON import (tenant) WHERE entry IS NULL;

CREATE TABLE import_sample (
    tenant bigint NOT NULL,
    import bigint NOT NULL,
    key bytea NOT NULL,
    PRIMARY KEY (tenant, import, key)
);
CREATE INDEX import_sample_key ON import_sample (key);

CREATE TABLE ledger (
    one bigint PRIMARY KEY CHECK (one = 1),
    application text COLLATE "C" NOT NULL,
    schema_version bigint NOT NULL,
    rate_version bigint NOT NULL,
    tenants bigint NOT NULL,
    sheets bigint NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE ledger_entry (
    sequence bigint PRIMARY KEY,
    kind bigint NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    digest bytea,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE lot (
    tenant bigint NOT NULL,
    lot bigint NOT NULL,
    amount bigint NOT NULL,
    remaining bigint NOT NULL,
    forfeited bigint NOT NULL,
    purchased_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    priority bigint NOT NULL,
    source bigint NOT NULL,
    reference text COLLATE "C",
    reversed bigint NOT NULL,
    entry bigint NOT NULL,
    PRIMARY KEY (tenant, lot)
) WITH (fillfactor = 70);
CREATE INDEX lot_undrawn ON lot (tenant, expires_at) WHERE remaining > 0;

CREATE TABLE notification (
    tenant bigint NOT NULL,
    notification bigint NOT NULL,
    kind bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    raised_at bigint NOT NULL,
    status bigint NOT NULL,
    attempts bigint NOT NULL,
    next_at bigint,
    last_error text COLLATE "C",
    episode bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, notification)
);
CREATE INDEX notification_due ON notification (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE notified (
    tenant bigint NOT NULL,
    kind bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, kind, subject)
);

CREATE TABLE payment_method (
    tenant bigint NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    gateway text COLLATE "C" NOT NULL,
    token bytea,
    token_end text COLLATE "C",
    expiry_month text COLLATE "C",
    purchase_order text COLLATE "C",
    PRIMARY KEY (tenant, name_key)
);

CREATE TABLE pool_month (
    tenant bigint NOT NULL,
    month bigint NOT NULL,
    capability text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    user_name text COLLATE "C" NOT NULL,
    domestic_used bigint NOT NULL,
    domestic_void bigint NOT NULL,
    international_used bigint NOT NULL,
    international_void bigint NOT NULL,
    PRIMARY KEY (tenant, month, capability, country, user_name)
) WITH (fillfactor = 70);

CREATE TABLE pool_setting (
    tenant bigint NOT NULL,
    capability text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    month bigint NOT NULL,
    licenses bigint NOT NULL,
    domestic_minutes bigint NOT NULL,
    international_minutes bigint NOT NULL,
    PRIMARY KEY (tenant, capability, country, month)
);

CREATE TABLE rate (
    sheet bigint NOT NULL,
    prefix text COLLATE "C" NOT NULL,
    price bigint NOT NULL,
    destination text COLLATE "C",
    country text COLLATE "C",
    destination_type text COLLATE "C",
    connection_fee bigint,
    initial_increment bigint,
    increment bigint,
    no_pool bigint NOT NULL,
    PRIMARY KEY (sheet, prefix)
);

CREATE TABLE recharge_rule (
    tenant bigint PRIMARY KEY,
    enabled bigint NOT NULL,
    minimum bigint NOT NULL,
    amount bigint,
    target bigint,
    maximum_charge bigint,
    maximum_day bigint,
    maximum_month bigint,
    method text COLLATE "C");

CREATE TABLE recharge_state (
    tenant bigint PRIMARY KEY,
    declines bigint NOT NULL,
    retry_at bigint,
    last_failure text COLLATE "C",
    paused text COLLATE "C",
    held_at bigint,
    held text COLLATE "C"
);

CREATE TABLE sheet (
    sheet bigint PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    service bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    effective_from bigint NOT NULL,
    revision bigint NOT NULL,
    initial_increment bigint NOT NULL,
    increment bigint NOT NULL,
    connection_fee bigint NOT NULL,
    decimals bigint NOT NULL,
    rounding bigint NOT NULL,
    rate_count bigint NOT NULL,
    digest bytea NOT NULL,
    UNIQUE (name_key, service, currency, effective_from, revision)
);

CREATE TABLE sheet_used (
    tenant bigint NOT NULL,
    sheet bigint NOT NULL,
    PRIMARY KEY (tenant, sheet)
);

CREATE TABLE tenant (
    tenant bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    id_key text COLLATE "C" UNIQUE,
    name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    notification_email text COLLATE "C" NOT NULL,
    low_balance bigint,
    account_from bigint,
    status bigint NOT NULL,
    created_at bigint NOT NULL,
    removed_at bigint
);

CREATE TABLE usage (
    tenant bigint NOT NULL,
    record bigint NOT NULL,
    import bigint NOT NULL,
    key bytea NOT NULL,
    record_id text COLLATE "C",
    started_at bigint NOT NULL,
    duration bigint NOT NULL,
    call_type text COLLATE "C" NOT NULL,
    service bigint,
    caller text COLLATE "C",
    callee text COLLATE "C",
    user_name text COLLATE "C",
    capability text COLLATE "C",
    destination text COLLATE "C",
    usage_country text COLLATE "C",
    other_country text COLLATE "C",
    operator text COLLATE "C",
    administrative_units text COLLATE "C",
    number_type text COLLATE "C",
    domestic bigint,
    billed_seconds bigint NOT NULL,
    pooled_seconds bigint NOT NULL,
    void_seconds bigint NOT NULL,
    charge bigint NOT NULL,
    recorded_charge bigint,
    rated_charge bigint,
    record_currency text COLLATE "C",
    sheet bigint,
    prefix text COLLATE "C",
    status bigint NOT NULL,
    salt bytea,
    personal bytea,
    sequence bigint,
    balance_after bigint,
    posted_at bigint,
    recorded_at bigint,
    actor text COLLATE "C",
    lot bigint,
    formula bigint NOT NULL,
    hash bytea,
    PRIMARY KEY (tenant, record)
);
CREATE UNIQUE INDEX usage_entry ON usage (tenant, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX usage_started ON usage (tenant, started_at, sequence, charge);
CREATE INDEX usage_unrated ON usage (tenant, status, record) WHERE status = 4;
CREATE INDEX usage_recorded ON usage (tenant, recorded_at) WHERE recorded_at IS NOT NULL;

CREATE TABLE usage_day (
    tenant bigint NOT NULL,
    day bigint NOT NULL,
    country text COLLATE "C" NOT NULL,
    calls bigint NOT NULL,
    charge bigint NOT NULL,
    short_abroad bigint NOT NULL,
    off_hours bigint NOT NULL,
    forwarded_abroad bigint NOT NULL,
    PRIMARY KEY (tenant, day, country)
);

CREATE TABLE usage_key (
    tenant bigint NOT NULL,
    key bytea NOT NULL,
    record bigint NOT NULL,
    PRIMARY KEY (tenant, key)
);

CREATE TABLE usage_month (
    tenant bigint NOT NULL,
    month bigint NOT NULL,
    user_key text COLLATE "C" NOT NULL,
    charge bigint NOT NULL,
    PRIMARY KEY (tenant, month, user_key)
);

CREATE TABLE usage_rated (
    tenant bigint NOT NULL,
    record bigint NOT NULL,
    import bigint NOT NULL,
    entry bigint,
    service bigint,
    billed_seconds bigint NOT NULL,
    pooled_seconds bigint NOT NULL,
    void_seconds bigint NOT NULL,
    charge bigint NOT NULL,
    rated_charge bigint,
    sheet bigint,
    prefix text COLLATE "C",
    status bigint NOT NULL,
    PRIMARY KEY (tenant, record)
);
CREATE INDEX usage_rated_entry ON usage_rated (tenant, entry);

CREATE TABLE usage_reversed (
    tenant bigint NOT NULL,
    record bigint NOT NULL,
    entry bigint,
    import bigint,
    PRIMARY KEY (tenant, record)
);

-- Which commits a session has made: the witness for a COMMIT whose answer was lost. The tenant 0 is the ledger as a whole.
CREATE TABLE commit_token (
    tenant bigint NOT NULL,
    session uuid NOT NULL,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant, session)
) WITH (fillfactor = 50);

INSERT INTO ledger (one, application, schema_version, rate_version, tenants, sheets, sequence, hash)
VALUES (1, 'CommunicationsCredits', 9, 1, 0, 0, 0, decode(repeat('00', 32), 'hex'));
