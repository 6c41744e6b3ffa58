{% materialization stable_view, adapter='postgres' %}
    {%- set sql = read_all_rows(sql) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set view = this.incorporate(type='view') -%}
    {%- set is_same, is_complete = [false, false] -%}
    {%- if existing is not none and existing.is_view %}
        {%- set is_same, is_complete = compare_view(view, sql) %}
    {%- endif %}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is not none and not is_same %}
        {%- do adapter.drop_relation(existing) %}
    {%- endif %}
    {%- call statement("main") -%}
        {%- if is_same %}select 1{% else %}{{ get_create_view_as_sql(view, sql) }}{% endif %}
    {%- endcall %}
    {%- if not (is_same and is_complete) %}
        {%- do apply_grants(view, config.get("grants"), should_revoke=false) %}
        {%- do persist_docs(view, model) %}
    {%- endif %}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [view]}) }}
{% endmaterialization %}

{# The queries as PostgreSQL prints both. The trial ends with the node's session. #}
{% macro compare_view(view, sql) %}
    {%- set oid = "'" ~ view ~ "'::regclass" %}
    {%- set complete = ["true"] %}
    {%- if config.persist_relation_docs() and model.description %}
        {%- do complete.append(
            "obj_description(" ~ oid ~ ", 'pg_class') is not distinct from "
            ~ postgres_escape_comment(model.description)
        ) %}
    {%- endif %}
    {%- if config.persist_column_docs() %}
        {%- for name, column in model.columns.items() %}
            {%- do complete.append(
                "not exists (select from pg_attribute where attrelid = " ~ oid
                ~ " and attname = '" ~ name
                ~ "' and coalesce(col_description(attrelid, attnum), '') <> "
                ~ postgres_escape_comment(column.description) ~ ")"
            ) %}
        {%- endfor %}
    {%- endif %}
    {#- public is no role and has the id 0. A role that does not exist fails in the grant. #}
    {%- for privilege, roles in (config.get("grants") or {}).items() %}
        {%- for role in roles %}
            {%- do complete.append(
                "has_table_privilege(coalesce(to_regrole('" ~ role ~ "')::oid, 0), " ~ oid
                ~ ", '" ~ privilege ~ "')"
            ) %}
        {%- endfor %}
    {%- endfor %}
    {{ return(run_query(
        "create temporary view stable_view_trial as " ~ sql
        ~ "\n; select pg_get_viewdef('stable_view_trial'::regclass)"
        ~ " = pg_get_viewdef(" ~ oid ~ "), " ~ complete | join(" and ")
    ).rows[0]) }}
{% endmacro %}
