with

source as (
    select * from {{ source('catalogue', 'data_loads') }}
),

renamed as (
    select
        id as load_batch_id,
        batch_name,
        percentage,
        total_rows,
        started_at,
        completed_at,
        status,
        metadata
    from source
)

select * from renamed
