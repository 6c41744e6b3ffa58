-- Make one cluster of the Citus nodes in docker-compose.yml, with the project's login. Run
-- by psql on the coordinator, in the warehouse's database; docs/scaling.md has the command.
\set ON_ERROR_STOP on
\getenv login LOGIN
\getenv password PGPASSWORD

-- The server writes a statement that fails to its log, password and all.
set log_min_error_statement = panic;
set log_statement = 'none';
set log_min_duration_statement = -1;
set client_min_messages = warning;

-- A node reaches the others as the role that a session acts as. It has one password to
-- give, so all roles have that of the superuser.
create temporary table wanted (
    name text
    constraint "POSTGRES_USER is the superuser" check (name <> current_user)
);
insert into wanted values ('loader'), ('transformer'), ('analyst'), (:'login');

select format('create role %I', name) from wanted
where not exists (select from pg_roles where rolname = name)
\gexec

select format('alter role %I login password %L', name, :'password') from wanted
\gexec

alter role :"login" createrole;
grant loader, transformer, analyst to :"login" with admin option;

select format('alter database %I owner to %I', current_database(), :'login')
\gexec
-- Gathered ids of a large catalogue go beyond its 1 GB.
select format(
    'alter database %I set citus.max_intermediate_result_size = -1', current_database()
)
\gexec

select citus_set_coordinator_host('citus-coordinator');
select citus_add_node('citus-worker1', 5432);
select citus_add_node('citus-worker2', 5432);
