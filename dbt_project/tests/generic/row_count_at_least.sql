{% test row_count_at_least(model, minimum) %}
    select count(*) as found
    from {{ model }}
    having count(*) < {{ 0 if flags.EMPTY else minimum }}
{% endtest %}
