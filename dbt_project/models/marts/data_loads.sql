{{ config(incremental_strategy='replace') }}

with

loads as (
    select * from {{ ref('stg_catalogue__data_loads') }}
)

select
    load_batch_id as id,
    batch_name,
    percentage,
    total_rows,
    started_at,
    completed_at,
    status,
    metadata
from loads
where status <> 'running'
