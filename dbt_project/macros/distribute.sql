{% macro has_citus() -%}
    {{ return(execute and query_once(
        "select exists (select from pg_extension where extname = 'citus')"
    )[0]) }}
{%- endmacro %}

{% macro distribute(relation=none, how=none) -%}
    {%- set relation = relation or this %}
    {%- set how = how or model.config.meta.distribute_by %}
    {%- if how != "local" and has_citus() -%}
        select
        {%- if how == "reference" %} create_reference_table('{{ relation }}')
        {%- else %} create_distributed_table('{{ relation }}', '{{ how }}')
        {%- endif %}
        where not exists (
            select from pg_dist_partition
            where logicalrelid = '{{ relation }}'::regclass
        )
    {%- endif -%}
{%- endmacro %}

{# Before a build: a local table could not be filled while its foreign key points to one that is
   on the workers. Referenced tables come first. The rows left on the coordinator are
   invisible, and removed when all tables have moved. #}
{% macro distribute_existing() %}
    {%- set wanted = [] %}
    {%- for node in graph.nodes.values()
        if node.config.meta.distribute_by | default("local") != "local" %}
        {%- do wanted.append(
            "('" ~ node.schema ~ "." ~ node.alias ~ "', '"
            ~ node.config.meta.distribute_by ~ "')"
        ) %}
    {%- endfor %}
    {%- set undistributed %}
    select
        relation,
        how
    from (values {{ wanted | join(", ") }}) as wanted (relation, how)
    where
        to_regclass(relation) is not null
        and not exists (
            select from pg_dist_partition
            where logicalrelid = to_regclass(relation)
        )
    order by exists (
        select from pg_constraint
        where contype = 'f' and conrelid = to_regclass(relation)
    )
    {%- endset %}
    {%- set moved = run_query(undistributed).rows if has_citus() else [] %}
    {%- for relation, how in moved %}
        {%- do run_query(distribute(relation, how) ~ "; commit") %}
    {%- endfor %}
    {%- for relation, _ in moved %}
        {%- do run_query(
            "select truncate_local_data_after_distributing_table('"
            ~ relation ~ "'); commit"
        ) %}
    {%- endfor %}
{% endmacro %}

{# A view of marts reads tables on the workers with the rights of whoever queries it; the model
   int_text_issues has a grant for this, too. The column `kept` may hold values that no audit
   has passed. #}
{% macro grant_tables_of_views() %}
    {%- if has_citus() %}
        {%- do run_query(
            "grant usage on schema " ~ internal_schema() ~ " to analyst; set role loader;"
            ~ " grant usage on schema raw to analyst; grant select on raw.reviews,"
            ~ " raw.label_issues, raw.near_duplicates to analyst; grant select (productid,"
            ~ " decision, load_batch_id) on raw.decisions to analyst; set role "
            ~ target.role ~ "; commit"
        ) %}
    {%- endif %}
{% endmacro %}

{# Distributed while empty, so that rows go straight to the workers and are checked there. #}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- if temporary or not config.get("contract").enforced
        or config.get("meta", {}).distribute_by is not defined or not has_citus() %}
        {{ dbt.postgres__create_table_as(temporary, relation, sql) }}
    {%- else %}
    create table {{ relation }}
        {{ get_assert_columns_equivalent(sql) }}
        {{ get_table_columns_and_constraints() }};
        {{ distribute(relation) }};
        insert into {{ relation }} (
            {{ adapter.dispatch("get_column_names", "dbt")() }}
        ) {{ get_select_subquery(sql) }};
    {%- endif %}
{%- endmacro %}

{# Before a correlated subquery reads it by a column other than the distribution column.
   PostgreSQL finds its rows by index. #}
{% macro gathered() -%}
    {{ "materialized " if has_citus() else "not materialized " }}
{%- endmacro %}

{# Without Citus it stays SQL, which PostgreSQL inlines into the query that calls it. #}
{% macro postgres__scalar_function_body_sql() %}
    {%- if not has_citus() %}
        {{ read_all_rows(dbt.default__scalar_function_body_sql()) }}
    {%- else %}
        $$
        #variable_conflict use_column
        begin
            return query
            {{ read_all_rows(model.compiled_code) }};
        end
        $$ LANGUAGE plpgsql
    {%- endif %}
{% endmacro %}
