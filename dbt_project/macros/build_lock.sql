{# The run writes its invocation id to a table of one row. Its queries contain that id
   (query-comment): an id without a session belongs to a killed run. #}
{% macro acquire_build_lock() %}
    {%- set held = internal_schema() ~ ".build_at_work" %}
set role {{ target.role }};
create table if not exists {{ held }} (
    only_row boolean primary key default true check (only_row),
    invocation_id text not null,
    started_at timestamptz not null
);
commit;
-- The login sees the queries of its own sessions; the role does not.
set local role none;
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
        -- Updates no row if another run took the lock meanwhile. The loop then looks at that
        -- run, which may have been killed in its turn.
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
    {%- endif %}
{% endmacro %}
