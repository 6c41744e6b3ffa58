{{ config(
    incremental_strategy='upsert',
    unique_key='productid',
    indexes=[{'columns': ['load_batch_id']}],
    meta={'distribute_by': 'productid'},
) }}
-- depends_on: {{ ref('products') }}

with

gate as (
    select * from {{ ref('int_products_labelled') }}
),

new_versions as (
    select
        productid,
        prdtypecode,
        load_batch_id,
        loaded_at
    from gate
    where
        not withdrawn
        and {{ is_new_batch() }}
)

select * from new_versions
