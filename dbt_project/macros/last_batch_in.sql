{# The newest batch a relation holds; 0 before the relation exists. Looked up in the
   catalogue, because a ref would make a cycle, and given as a literal: the planner knows
   from it how few rows are newer. #}
{% macro last_batch_in(identifier, schema="marts") %}
    {%- set relation = adapter.get_relation(target.database, schema, identifier)
        if execute else none -%}
    {{ 0 if relation is none else run_query(
        "select coalesce(max(load_batch_id), 0) from " ~ relation
    ).rows[0][0] }}
{%- endmacro %}
