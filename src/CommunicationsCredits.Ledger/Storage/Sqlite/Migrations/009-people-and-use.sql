-- Who belongs where, what calls came to by day and by month, budgets, and the guard.

-- Where a user belongs from a month on until the next row; a row without department, cost centre and name ends it (P1).
CREATE TABLE credit_user (
    tenant INTEGER NOT NULL,
    user_key TEXT NOT NULL,
    month INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    display_name TEXT,
    department TEXT,
    cost_center TEXT,
    PRIMARY KEY (tenant, user_key, month)
) STRICT, WITHOUT ROWID;

-- What calls with an entry came to that were not reversed, by day and destination: the guard compares days by it (D1).
CREATE TABLE usage_day (
    tenant INTEGER NOT NULL,
    day INTEGER NOT NULL,
    country TEXT NOT NULL,
    calls INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    short_abroad INTEGER NOT NULL,
    off_hours INTEGER NOT NULL,
    forwarded_abroad INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, country)
) STRICT, WITHOUT ROWID;

-- What they cost, by month and user: budgets are decided by it (B1).
CREATE TABLE usage_month (
    tenant INTEGER NOT NULL,
    month INTEGER NOT NULL,
    user_key TEXT NOT NULL,
    charge INTEGER NOT NULL,
    PRIMARY KEY (tenant, month, user_key)
) STRICT, WITHOUT ROWID;

-- An amount a month for the tenant (0), a user (1), a department (2) or a cost centre (3).
CREATE TABLE budget (
    tenant INTEGER NOT NULL,
    scope INTEGER NOT NULL,
    subject_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tenant, scope, subject_key)
) STRICT, WITHOUT ROWID;

-- What was notified of a budget in a month: the percentage passed; the day of the month on which it would run out, and when that was said.
CREATE TABLE budget_month (
    tenant INTEGER NOT NULL,
    month INTEGER NOT NULL,
    scope INTEGER NOT NULL,
    subject_key TEXT NOT NULL,
    percent INTEGER NOT NULL,
    runs_out INTEGER NOT NULL,
    notified_day INTEGER NOT NULL,
    PRIMARY KEY (tenant, month, scope, subject_key)
) STRICT, WITHOUT ROWID;

-- How the guard watches a tenant that was given other settings than all have.
CREATE TABLE guard (
    tenant INTEGER PRIMARY KEY,
    enabled INTEGER NOT NULL,
    sensitivity INTEGER NOT NULL,
    hold_recharge INTEGER NOT NULL,
    allowed_country TEXT NOT NULL
) STRICT;

-- What the guard found, a row an episode: from the first day that alarmed to the last (D1).
CREATE TABLE alarm (
    tenant INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    seen TEXT NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (tenant, first_day)
) STRICT, WITHOUT ROWID;

UPDATE ledger SET schema_version = 9;
