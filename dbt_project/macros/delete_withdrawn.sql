{# Take withdrawn products out of a mart; the labels and examples that hang on them go
   with them. The history keeps them. #}
{% macro delete_withdrawn() %}
    delete from {{ this }}
    where productid in (
        select productid from {{ ref('int_products_labelled') }}
        where withdrawn
    )
{% endmacro %}
