with

source as (
    select * from {{ source('catalogue', 'product_images') }}
),

renamed as (
    select
        productid,
        load_batch_id,
        image_exists
    from source
)

select * from renamed
