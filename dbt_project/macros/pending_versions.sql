{# The audited versions whose batch a history does not hold yet. A snapshot of the whole
   table would compare every product every week; this one sees the week's rows only. A
   product has one of them at most (a test says so), hence its other versions are held. #}
{% macro pending_versions(history) -%}
    {%- set last_batch = last_batch_in(history, var('history_schema', 'marts')) %}
-- depends_on: {{ ref('int_products_labelled') }}
with

versions as (
    select * from {{ ref('int_product_versions') }}
),

-- Imported a second time: PostgreSQL materialises a CTE that is used twice.
held_versions as {{ gathered() }}(
    select
        productid,
        load_batch_id
    from {{ ref('int_product_versions') }}
    where load_batch_id <= {{ last_batch }}
),

pending as (
    select
        versions.*,
        case
            when versions.withdrawn then 'DELETE'
            when exists (
                select 1
                from held_versions
                where
                    held_versions.productid = versions.productid
                    {%- if not has_citus() %}
                    -- True of each. Without it all that is held would be read and
                    -- hashed, with it the week's products are looked up by index.
                    and held_versions.load_batch_id < versions.load_batch_id
                    {%- endif %}
            ) then 'UPDATE'
            else 'INSERT'
        end as operation_type
    from versions
    where
        versions.load_batch_id > {{ last_batch }}
        {%- if var('up_to_batch', none) %}
        and versions.load_batch_id <= {{ var('up_to_batch') }}
        {%- endif %}
)
{%- endmacro %}
