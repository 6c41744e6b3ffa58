{# A model about to be published holds at least as many rows as the relation made from
   it. Looked up in the catalogue, because a ref would create a cycle. #}
{% test not_shrinking(model, published) %}
    {%- set relation = adapter.get_relation(target.database, target.schema, published)
        if execute and not flags.EMPTY else none %}
    select
        (select count(*) from {{ model }}) as row_count,
        {% if relation is none -%} 0 {%- else -%}
        (select count(*) from {{ relation }})
        {%- endif %} as published_row_count
    where
        (select count(*) from {{ model }}) < {% if relation is none -%} 0 {%- else -%}
        (select count(*) from {{ relation }})
        {%- endif %}
{% endtest %}
