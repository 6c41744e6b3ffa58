with

products as (
    select * from {{ ref('stg_catalogue__products') }}
),

labels as (
    select * from {{ ref('stg_catalogue__labels') }}
),

images as (
    select * from {{ ref('stg_catalogue__images') }}
),

batches as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
),

versions as (
    select
        products.productid,
        products.load_batch_id,
        products.row_number,
        products.designation,
        products.description,
        products.imageid,
        'images/image_train/image_' || products.imageid
        || '_product_' || products.productid || '.jpg' as image_path,
        images.image_exists,
        labels.prdtypecode,
        products.withdrawn,
        batches.completed_at as loaded_at
    from products
    inner join batches
        on products.load_batch_id = batches.load_batch_id
    left join labels
        on
            products.row_number = labels.row_number
            and products.load_batch_id = labels.load_batch_id
    left join images
        on
            products.productid = images.productid
            and products.load_batch_id = images.load_batch_id
)

select * from versions
