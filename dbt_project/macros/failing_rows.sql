{# No texts, since the message goes to logs and notifications. #}
{% macro failing_rows(result) %}
    {{ return(run_query(
        "select string_agg(numbers, '; ') from (select ("
        ~ "select string_agg(key || ' ' || value::text, ', ' order by place)"
        ~ " from json_each(to_json(failing)) with ordinality as cells (key, value, place)"
        ~ " where json_typeof(value) = 'number'"
        ~ ") as numbers from (" ~ result.node.compiled_code ~ ") as failing limit 3) as few"
    ).rows[0][0]) }}
{% endmacro %}

{% macro postgres__test_not_null(model, column_name) %}
    select *
    from {{ model }}
    where {{ column_name }} is null
{% endmacro %}

{% macro postgres__test_relationships(model, column_name, to, field) %}
    select child.*
    from (select * from {{ model }}) as child
    left join (select {{ field }} as to_field from {{ to }}) as parent
        on child.{{ column_name }} = parent.to_field
    where child.{{ column_name }} is not null and parent.to_field is null
{% endmacro %}
