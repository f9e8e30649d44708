-- Distributes a ledger by tenant over the nodes of a cluster (Citus, elastic clusters of Azure Database for PostgreSQL). A ledger that is made in a
-- database with the extension distributes itself. For one that was there before: stop what posts, and run this on the coordinator, as the
-- owner of the tables:
--   psql -h coordinator.example -d credits -c 'CREATE EXTENSION citus' -f distribute.sql
-- What is distributed already stays as it is, so that it can be run again.
--
-- Every key of what a tenant has begins with the tenant, and nothing is joined across tenants: all of a tenant lies on one node. What is of the
-- ledger as a whole is small, and lies on every node.

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'credits'::regnamespace AND c.relkind = 'r'
            AND (c.relname = 'tenant' OR NOT EXISTS (
                SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = c.oid)
        ORDER BY c.relname
    LOOP
        PERFORM create_reference_table(format('credits.%I', name));
    END LOOP;

    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = 'credits.account'::regclass) THEN
        PERFORM create_distributed_table('credits.account', 'tenant', colocate_with => 'none');
    END IF;

    FOR name IN
        SELECT c.relname FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        WHERE c.relnamespace = 'credits'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('tenant', 'account')
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = c.oid)
        ORDER BY c.relname
    LOOP
        PERFORM create_distributed_table(format('credits.%I', name), 'tenant', colocate_with => 'credits.account');
    END LOOP;
END $$;
