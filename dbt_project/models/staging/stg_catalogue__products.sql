with

source as (
    select * from {{ source('catalogue', 'x_train') }}
),

renamed as (
    select
        productid,
        row_number,
        load_batch_id,
        designation,
        description,
        imageid,
        withdrawn
    from source
)

select * from renamed
