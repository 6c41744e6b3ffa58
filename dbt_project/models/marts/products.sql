{{ config(
    incremental_strategy='upsert',
    unique_key='productid',
    indexes=[{'columns': ['load_batch_id']}],
    post_hook="{{ delete_withdrawn() }}",
    meta={'distribute_by': 'productid'},
) }}

with

gate as (
    select * from {{ ref('int_products_labelled') }}
),

new_versions as (
    select
        productid,
        row_number,
        designation,
        description,
        imageid,
        image_path,
        image_exists,
        load_batch_id,
        loaded_at
    from gate
    where
        not withdrawn
        and {{ is_new_batch() }}
)

select * from new_versions
