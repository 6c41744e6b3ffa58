{% materialization stable_view, adapter='postgres' %}
    {%- set sql = read_all_rows(sql) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set view = this.incorporate(type='view') -%}
    {%- set is_same = existing is not none and existing.is_view
        and is_same_view(view, sql) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is not none and not is_same %}
        {%- do adapter.drop_relation(existing) %}
    {%- endif %}
    {%- call statement("main") -%}
        {%- if is_same %}select 1{% else %}{{ get_create_view_as_sql(view, sql) }}{% endif %}
    {%- endcall %}
    {%- if not is_same %}
        {%- do apply_grants(view, config.get("grants"), should_revoke=false) %}
        {%- do persist_docs(view, model) %}
    {%- endif %}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [view]}) }}
{% endmaterialization %}

{# As PostgreSQL prints both queries. The trial ends with the node's session. #}
{% macro is_same_view(view, sql) %}
    {{ return(run_query(
        "create temporary view stable_view_trial as " ~ sql
        ~ "\n; select pg_get_viewdef('stable_view_trial'::regclass)"
        ~ " = pg_get_viewdef('" ~ view ~ "'::regclass)"
    ).rows[0][0]) }}
{% endmacro %}
