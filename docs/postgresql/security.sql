-- Who may do what with a ledger in PostgreSQL. Run it once the ledger is there, and again after an update that changed its schema:
--   psql -h db.example -d credits -f security.sql
-- as the role that made the ledger, which needs the right to create roles, or as a superuser. It works on one server and under Citus.
--
--   credits_reader    sees everything, and changes nothing.
--   credits_operator  also posts: funds, usage, adjustments, recharges, notifications. What was posted it can neither change nor delete.
--   credits_admin     owns the ledger: also settings, users, budgets, rates, migrations, restoring, and clearing personal data.
--
-- These are groups. Sign in with roles of your own that are members of one:  GRANT credits_operator TO runbook;

SET client_min_messages = warning;

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['credits_reader', 'credits_operator', 'credits_admin'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
    END LOOP;

    -- Whoever runs this hands the ledger over, and has to be a member for that.
    IF NOT pg_has_role(current_user, 'credits_admin', 'member') THEN
        EXECUTE format('GRANT credits_admin TO %I', current_user);
    END IF;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO credits_admin', current_database());
END $$;

ALTER SCHEMA credits OWNER TO credits_admin;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'credits' LOOP
        EXECUTE format('ALTER TABLE credits.%I OWNER TO credits_admin', name);
    END LOOP;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA credits FROM PUBLIC, credits_reader, credits_operator;
GRANT USAGE ON SCHEMA credits TO credits_reader, credits_operator;
GRANT SELECT ON ALL TABLES IN SCHEMA credits TO credits_reader, credits_operator;

-- What is posted is added, and never changed: no trigger has to watch over that.
GRANT INSERT ON credits.entry, credits.usage, credits.usage_rated, credits.usage_reversed, credits.draw, credits.idempotency,
    credits.import_sample, credits.sheet_used TO credits_operator;

-- What follows from it is brought up to date. Its digests are in the entries, so that Test-CreditLedger notices other changes.
GRANT UPDATE ON credits.account TO credits_operator;
GRANT INSERT, UPDATE ON credits.usage_key, credits.lot, credits.import, credits.pool_month, credits.recharge_state, credits.attempt,
    credits.notification, credits.usage_day, credits.alarm TO credits_operator;
GRANT INSERT, UPDATE, DELETE ON credits.debt, credits.notified, credits.usage_month, credits.budget_month, credits.commit_token TO credits_operator;

-- To keep the rates as they are while it posts, it locks the row of the ledger; that needs the right to change a column. This one has one value.
GRANT UPDATE (one) ON credits.ledger TO credits_operator;
