{# The filter every large mart uses: rows of batches it does not hold yet. #}
{% macro is_new_batch(column="load_batch_id") -%}
    {%- if is_incremental() -%}
        {{ column }} > (
            select coalesce(max(held.load_batch_id), 0) from {{ this }} as held
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
