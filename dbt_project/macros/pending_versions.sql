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

-- Imported a second time: PostgreSQL materialises a CTE that is used twice. It looks the
-- week's products up by index; on Citus a CTE that was gathered has none and is joined.
held_versions as {{ gathered() }}(
    select {{ "distinct" if has_citus() }}
        productid
        {{- ", load_batch_id" if not has_citus() }}
    from {{ ref('int_product_versions') }}
    where load_batch_id <= {{ last_batch }}
),

pending as (
    select
        versions.*,
        case
            when versions.withdrawn then 'DELETE'
            {%- if has_citus() %}
            when held_versions.productid is not null then 'UPDATE'
            {%- else %}
            when exists (
                select 1
                from held_versions
                where
                    held_versions.productid = versions.productid
                    -- True of each, but all that is held would be hashed without it.
                    and held_versions.load_batch_id < versions.load_batch_id
            ) then 'UPDATE'
            {%- endif %}
            else 'INSERT'
        end as operation_type
    from versions
    {%- if has_citus() %}
    left join held_versions
        on versions.productid = held_versions.productid
    {%- endif %}
    where
        versions.load_batch_id > {{ last_batch }}
        {%- if var('up_to_batch', none) %}
        and versions.load_batch_id <= {{ var('up_to_batch') }}
        {%- endif %}
)
{%- endmacro %}
