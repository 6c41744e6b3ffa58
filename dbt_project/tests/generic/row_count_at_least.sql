{% test row_count_at_least(model, minimum) %}
    select count(*) as found
    from {{ model }}
    having count(*) < {{ minimum }}
{% endtest %}
