{{ config(materialized='stable_view') }}

with

products as (
    select * from {{ ref('products') }}
),

labels as (
    select * from {{ ref('labels') }}
),

categories as (
    select * from {{ ref('product_categories') }}
),

folds as (
    select * from {{ ref('product_folds') }}
)

select
    products.productid,
    products.designation,
    products.description,
    labels.prdtypecode,
    categories.category,
    categories.category_fr,
    folds.fold,
    products.imageid,
    products.image_path,
    products.image_exists,
    products.row_number,
    products.load_batch_id,
    products.loaded_at
from products
inner join labels
    on products.productid = labels.productid
inner join categories
    on labels.prdtypecode = categories.prdtypecode
inner join folds
    on products.productid = folds.productid
