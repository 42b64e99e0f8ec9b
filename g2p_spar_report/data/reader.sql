-- A role for a reporting tool: it reads the views g2p_spar_report_*, and nothing else.
-- psql -d DATABASE -v reader=ROLE -v password=PASSWORD -f reader.sql
-- Run it again for views that have come since; it also sets the password anew.
\set ON_ERROR_STOP on
\if :{?reader}
\else
DO $$ BEGIN RAISE EXCEPTION 'Give the name of the role: -v reader=ROLE'; END $$;
\endif
\if :{?password}
\else
DO $$ BEGIN RAISE EXCEPTION 'Give its password: -v password=PASSWORD'; END $$;
\endif
BEGIN;
SELECT format('CREATE ROLE %I', :'reader')
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = :'reader') \gexec
ALTER ROLE :"reader" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE
    NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 10;
ALTER ROLE :"reader" SET default_transaction_read_only = on;
ALTER ROLE :"reader" SET statement_timeout = '30s';
ALTER ROLE :"reader" SET idle_in_transaction_session_timeout = '60s';
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'reader') \gexec
GRANT USAGE ON SCHEMA public TO :"reader";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :"reader";
SELECT format('GRANT SELECT ON %I TO %I', viewname, :'reader') FROM pg_views
WHERE schemaname = 'public' AND starts_with(viewname, 'g2p_spar_report_') \gexec
COMMIT;
