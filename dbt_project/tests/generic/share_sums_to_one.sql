{# Shares add up to the whole (1, or 100 for percentages), rounding apart. #}
{% test share_sums_to_one(model, column_name, whole=1, tolerance=0.01) %}
    select sum({{ column_name }}) as total
    from {{ model }}
    having abs(sum({{ column_name }}) - {{ whole }}) > {{ tolerance }}
{% endtest %}
