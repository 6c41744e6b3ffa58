{{ config(
    incremental_strategy='upsert',
    unique_key='productid',
    indexes=[{'columns': ['load_batch_id']}],
    pre_hook="{{ delete_withdrawn() }}",
    meta={'distribute_by': 'productid', 'watermark': true},
) }}

with

history as (
    select * from {{ ref('products_history') }}
    where
        valid_to = {{ end_of_time() }}
        and {{ is_new_batch() }}
)

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
from history
where operation_type <> 'DELETE'
