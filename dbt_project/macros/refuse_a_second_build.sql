{# Two builds at once would both bring in the same week. An advisory lock cannot say so:
   dbt closes its connection after every node. The builder signs a table of one row
   instead, and its queries carry its invocation id (see query-comment), so that a row
   left by a build that was killed is told from one that is at work. The role is set
   again because dbt has rolled back its own SET ROLE by the time hooks run. #}
{% macro refuse_a_second_build() %}
    {%- if is_building() %}
        {#- Run here and not as the hook's own text: a hook that fails lets dbt go on. #}
        {%- do run_query(sign_for_this_build()) %}
    {%- endif -%}
    select 1
{% endmacro %}

{% macro sign_for_this_build() %}
set role {{ target.role }};
create table if not exists intermediate.build_at_work (
    only_row boolean primary key default true check (only_row),
    invocation_id text not null,
    started_at timestamptz not null
);
commit;
-- The login sees what its own sessions run; the role would not.
reset role;
do $lock$
declare
    holder record;
begin
    insert into intermediate.build_at_work (invocation_id, started_at)
    values ('{{ invocation_id }}', clock_timestamp())
    on conflict do nothing;
    select * into holder from intermediate.build_at_work;
    if holder.invocation_id <> '{{ invocation_id }}' then
        for attempt in 1..20 loop
            perform pg_stat_clear_snapshot();
            if exists (
                select from pg_stat_activity
                where
                    pid <> pg_backend_pid()
                    and query like '%dbt%' || holder.invocation_id || '%'
            ) then
                raise exception
                    'another dbt build is at work in this database since %: wait until it is done',
                    to_char(holder.started_at, 'HH24:MI:SS');
            end if;
            perform pg_sleep(0.1);
        end loop;
        update intermediate.build_at_work
        set
            invocation_id = '{{ invocation_id }}',
            started_at = clock_timestamp()
        where invocation_id = holder.invocation_id;
        if not found then
            raise exception 'another dbt build has just begun: wait until it is done';
        end if;
    end if;
end
$lock$;
commit;
{% endmacro %}

{% macro admit_the_next_build() %}
    {%- if is_building() %}
set role {{ target.role }};
delete from intermediate.build_at_work where invocation_id = '{{ invocation_id }}';
commit;
    {%- else -%}
select 1
    {%- endif %}
{% endmacro %}
