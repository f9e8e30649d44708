-- Included minutes. Months are counted from January of the year 0; minutes are of one licence, used and void are seconds.

CREATE TABLE pool_setting (
    tenant INTEGER NOT NULL REFERENCES tenant,
    capability TEXT NOT NULL,
    country TEXT NOT NULL,
    month INTEGER NOT NULL,
    licences INTEGER NOT NULL,
    domestic_minutes INTEGER NOT NULL,
    international_minutes INTEGER NOT NULL,
    PRIMARY KEY (tenant, capability, country, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE pool_month (
    tenant INTEGER NOT NULL REFERENCES tenant,
    month INTEGER NOT NULL,
    capability TEXT NOT NULL,
    country TEXT NOT NULL,
    user TEXT NOT NULL,
    domestic_used INTEGER NOT NULL,
    domestic_void INTEGER NOT NULL,
    international_used INTEGER NOT NULL,
    international_void INTEGER NOT NULL,
    PRIMARY KEY (tenant, month, capability, country, user)
) STRICT, WITHOUT ROWID;
