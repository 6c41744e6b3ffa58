{# The audited versions whose batch a history does not hold yet. A snapshot of the whole
   table would compare every product every week; this one sees the week's rows only. #}
{% macro pending_versions(history) -%}
    {%- set on_citus = has_citus() %}
-- depends_on: {{ ref('int_products_labelled') }}
with

versions as (
    select * from {{ ref('int_product_versions') }}
),

-- Imported a second time: PostgreSQL materialises a CTE that is used twice.
{%- if on_citus %}
-- Joined: what is gathered has no index, and EXISTS would read it all for each row.
first_versions as materialized (
    select
        productid,
        min(load_batch_id) as load_batch_id
    from {{ ref('int_product_versions') }}
    group by productid
),
{%- else %}
earlier_versions as (
    select
        productid,
        load_batch_id
    from {{ ref('int_product_versions') }}
),
{%- endif %}

pending as (
    select
        versions.*,
        case
            when versions.withdrawn then 'DELETE'
            {%- if on_citus %}
            when first_versions.load_batch_id < versions.load_batch_id then 'UPDATE'
            {%- else %}
            when exists (
                select 1
                from earlier_versions
                where
                    earlier_versions.productid = versions.productid
                    and earlier_versions.load_batch_id
                    < versions.load_batch_id
            ) then 'UPDATE'
            {%- endif %}
            else 'INSERT'
        end as operation_type
    from versions
    {%- if on_citus %}
    left join first_versions
        on versions.productid = first_versions.productid
    {%- endif %}
    where
        versions.load_batch_id
        > {{ last_batch_in(history, var('history_schema', 'marts')) }}
        {%- if var('up_to_batch', none) %}
        and versions.load_batch_id <= {{ var('up_to_batch') }}
        {%- else %}
        and {{ awaits_audit('versions.load_batch_id') }}
        {%- endif %}
)
{%- endmacro %}
