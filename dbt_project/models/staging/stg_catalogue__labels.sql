with

source as (
    select * from {{ source('catalogue', 'y_train') }}
),

renamed as (
    select
        row_number,
        load_batch_id,
        prdtypecode
    from source
)

select * from renamed
