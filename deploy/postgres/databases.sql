-- The logins and databases of the project, of MLflow and of Airflow. Run by psql at each
-- start of the containers; passwords come from the environment, so that a changed one in
-- .env is taken over.
\set ON_ERROR_STOP on
\getenv project_db POSTGRES_DB
\getenv project_user POSTGRES_USER
\getenv project_password POSTGRES_PASSWORD
\getenv mlflow_password MLFLOW_DB_PASSWORD
\getenv airflow_password AIRFLOW_DB_PASSWORD

-- The server writes a statement that fails to its log, password and all.
set log_min_error_statement = panic;
set log_statement = 'none';
set log_min_duration_statement = -1;

-- The names before the passwords: an error's detail shows the row.
create temporary table wanted (
    login text
    constraint "POSTGRES_USER is mlflow or airflow, which are taken" unique
    constraint "POSTGRES_USER is the superuser" check (login <> current_user),
    database text
    constraint "POSTGRES_DB is mlflow or airflow, which are taken" unique,
    password text
);
insert into wanted
values
    ('mlflow', 'mlflow'),
    ('airflow', 'airflow'),
    (:'project_user', :'project_db');
update wanted set password = case login
    when 'mlflow' then :'mlflow_password'
    when 'airflow' then :'airflow_password'
    else :'project_password'
end;

select format('create role %I', login) from wanted
where not exists (select from pg_roles where rolname = login)
\gexec

select format('alter role %I login password %L', login, password) from wanted
\gexec

-- The project makes its own three roles: loader, transformer, analyst.
alter role :"project_user" createrole;

select format('create database %I owner %I', database, login) from wanted
where not exists (select from pg_database where datname = database)
\gexec

select format('revoke all on database %I from public', database) from wanted
\gexec
