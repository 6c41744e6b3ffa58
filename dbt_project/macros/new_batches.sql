{# The filter every large mart uses: rows of batches it does not hold yet. #}
{% macro is_new_batch(column="load_batch_id") -%}
    {%- if is_incremental() -%}
        {{ column }} > (
            select coalesce(max(held.load_batch_id), 0) from {{ this }} as held
        )
    {%- else -%}
        {{ take_all_batches() }}
    {%- endif -%}
{%- endmacro %}

{# A mart that is filled from the beginning needs a gate that was, in the same run. #}
{% macro take_all_batches() -%}
    {%- set gate = "model.rakuten.int_products_labelled" %}
    {%- if is_building() and model.resource_type == "model"
        and gate not in selected_resources %}
        {{ exceptions.raise_compiler_error(
            model.name ~ " is filled from the beginning, which takes the gate along:"
            ~ " dbt build --select int_products_labelled " ~ model.name
        ) }}
    {%- endif -%}
    true
{%- endmacro %}
