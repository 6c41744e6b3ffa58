{# Before the model moves its watermark. Foreign keys delete the labels and examples. #}
{% macro delete_withdrawn() %}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where productid in (
        select productid from {{ ref('products_history') }}
        where
            operation_type = 'DELETE'
            and valid_to = {{ end_of_time() }}
            and {{ is_new_batch() }}
    )
    {%- endif %}
{% endmacro %}
