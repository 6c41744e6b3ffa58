{# One dbt run at a time changes a database. dbt closes its connection after every node,
   and an advisory lock with it, so the run signs a table of one row instead. Its queries
   carry its invocation id (query-comment): a row without a session is a killed run's. #}
{% macro acquire_build_lock() %}
    {%- if is_building() %}
        {#- Run here, not as the hook's own text: dbt goes on after a hook that fails. #}
        {%- do run_query(build_lock_statements()) %}
    {%- endif -%}
    select 1
{% endmacro %}

{% macro build_lock_statements() %}
    {%- set held = internal_schema() ~ ".build_at_work" %}
set role {{ target.role }};
create table if not exists {{ held }} (
    only_row boolean primary key default true check (only_row),
    invocation_id text not null,
    started_at timestamptz not null
);
commit;
-- The login sees the queries of its own sessions; the role does not.
reset role;
do $lock$
declare
    holder record;
begin
    loop
        insert into {{ held }} (invocation_id, started_at)
        values ('{{ invocation_id }}', clock_timestamp())
        on conflict do nothing;
        select * into holder from {{ held }};
        continue when not found;
        exit when holder.invocation_id = '{{ invocation_id }}';
        for attempt in 1..20 loop
            perform pg_stat_clear_snapshot();
            if exists (
                select from pg_stat_activity
                where
                    pid <> pg_backend_pid()
                    and query like '%dbt%' || holder.invocation_id || '%'
            ) then
                raise exception
                    'another dbt build has been running in this database since %: wait until it has finished',
                    to_char(holder.started_at, 'HH24:MI:SS');
            end if;
            perform pg_sleep(0.1);
        end loop;
        -- Updates no row if another build took the lock meanwhile. The loop then
        -- looks at that build, which may have been killed in its turn.
        update {{ held }}
        set
            invocation_id = '{{ invocation_id }}',
            started_at = clock_timestamp()
        where invocation_id = holder.invocation_id;
    end loop;
end
$lock$;
commit;
{% endmacro %}

{% macro release_build_lock() %}
    {%- if is_building() %}
set role {{ target.role }};
delete from {{ internal_schema() }}.build_at_work
where invocation_id = '{{ invocation_id }}';
commit;
    {%- else -%}
select 1
    {%- endif %}
{% endmacro %}
