{{ config(
    incremental_strategy='upsert',
    unique_key='productid',
    indexes=[{'columns': ['load_batch_id']}],
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
-- The foreign key needs the products first:
-- depends_on: {{ ref('products') }}

with

history as (
    select * from {{ ref('labels_history') }}
    where
        valid_to = {{ end_of_time() }}
        and {{ is_new_batch() }}
)

select
    productid,
    prdtypecode,
    load_batch_id,
    loaded_at
from history
where operation_type <> 'DELETE'
