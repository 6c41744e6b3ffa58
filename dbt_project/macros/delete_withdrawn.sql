{# Take withdrawn products out of a mart; the labels and examples that hang on them go
   with them. The history keeps them. #}
{% macro delete_withdrawn() %}
    delete from {{ this }} as mart
    using {{ ref('int_products_labelled') }} as gate
    where
        mart.productid = gate.productid
        and gate.withdrawn
{% endmacro %}
