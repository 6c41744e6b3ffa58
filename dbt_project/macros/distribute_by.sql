{# On Citus, spread a table over the workers by a column; on plain PostgreSQL, or once it
   is spread, nothing is done. #}
{% macro distribute_by(column) -%}
    {%- set extension = run_query(
        "select count(*) from pg_extension where extname = 'citus'"
    ).columns[0].values()[0] if execute else 0 -%}
    {%- if extension > 0 -%}
        select create_distributed_table('{{ this }}', '{{ column }}')
        where not exists (
            select from pg_dist_partition where logicalrelid = '{{ this }}'::regclass
        )
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}

{# On Citus, copy a small table to every worker; see distribute_by. #}
{% macro replicate() -%}
    {%- set extension = run_query(
        "select count(*) from pg_extension where extname = 'citus'"
    ).columns[0].values()[0] if execute else 0 -%}
    {%- if extension > 0 -%}
        select create_reference_table('{{ this }}')
        where not exists (
            select from pg_dist_partition where logicalrelid = '{{ this }}'::regclass
        )
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
