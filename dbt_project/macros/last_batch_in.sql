{# The newest batch a relation holds, as a scalar subquery; 0 before the relation exists.
   Looked up in the catalogue, because a ref would make a cycle. #}
{% macro last_batch_in(identifier, schema="marts") %}
    {%- set relation = adapter.get_relation(target.database, schema, identifier)
        if execute else none -%}
    {%- if relation is none -%}
        0
    {%- else -%}
        (
            select coalesce(max(last_batch.load_batch_id), 0)
            from {{ relation }} as last_batch
        )
    {%- endif -%}
{% endmacro %}
