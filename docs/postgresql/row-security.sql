-- Readers that see some tenants only. Run it after security.sql, by the same role, if there are to be any:
--   psql -h db.example -d credits -f row-security.sql
--
-- A reader of some tenants is a member of credits_bound_reader and of a role for each of its tenants, named by the tenant's number:
--   SELECT tenant, id FROM credits.tenant;
--   CREATE ROLE credits_tenant_7 NOLOGIN;
--   GRANT credits_bound_reader, credits_tenant_7 TO contoso_reader;
-- It is no member of credits_reader, which sees all.
--
-- The policies ask for memberships only. A table to look tenants up in, or a setting of the session, does not work under Citus.
-- While row security is on, the server takes no COPY from credits_operator, and an import goes by way of a temporary table, which is
-- slower. ALTER ROLE runbook BYPASSRLS lets a role that posts go the short way again; it says nothing about other rights.

SET client_min_messages = warning;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'credits_bound_reader') THEN
        CREATE ROLE credits_bound_reader NOLOGIN;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION credits.my_tenants() RETURNS bigint[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(CAST(substr(rolname, length('credits_tenant_') + 1) AS bigint)), '{}') FROM pg_roles
    WHERE rolname ~ '^credits_tenant_[0-9]{1,18}$' AND pg_has_role(current_user, oid, 'member')
$$;
ALTER FUNCTION credits.my_tenants() OWNER TO credits_admin;

GRANT USAGE ON SCHEMA credits TO credits_bound_reader;

-- Of the ledger as a whole: its head, and the rates. Its own chain names all tenants.
GRANT SELECT ON credits.ledger, credits.sheet, credits.rate TO credits_bound_reader;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        WHERE c.relnamespace = 'credits'::regnamespace AND c.relkind = 'r' AND c.relname <> 'commit_token'
    LOOP
        EXECUTE format('GRANT SELECT ON credits.%I TO credits_bound_reader', name);
        EXECUTE format('ALTER TABLE credits.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS everyone ON credits.%I', name);
        EXECUTE format('CREATE POLICY everyone ON credits.%I TO credits_reader, credits_operator USING (true) WITH CHECK (true)', name);
        EXECUTE format('DROP POLICY IF EXISTS bound ON credits.%I', name);
        EXECUTE format('CREATE POLICY bound ON credits.%I FOR SELECT TO credits_bound_reader USING (tenant = ANY (credits.my_tenants()))', name);
    END LOOP;
END $$;
