{{ config(materialized='stable_view') }}

with

products as (
    select * from {{ ref('products_history') }}
),

labels as (
    select * from {{ ref('labels_history') }}
),

categories as (
    select * from {{ ref('product_categories') }}
),

loads as (
    select * from {{ ref('data_loads') }}
)

-- Both histories are read by batch: the newest appears once data_loads has it.
select
    products.productid,
    products.load_batch_id,
    loads.batch_name,
    products.operation_type,
    products.designation,
    products.description,
    labels.prdtypecode,
    categories.category,
    categories.category_fr,
    products.imageid,
    products.image_path,
    products.valid_from,
    products.valid_to
from products
inner join labels
    on
        products.productid = labels.productid
        and products.load_batch_id = labels.load_batch_id
inner join categories
    on labels.prdtypecode = categories.prdtypecode
inner join loads
    on products.load_batch_id = loads.id
