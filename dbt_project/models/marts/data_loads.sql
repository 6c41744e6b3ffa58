{{ config(
    incremental_strategy='replace',
    meta={'distribute_by': 'local'},
) }}
-- A batch is told of only after the gate has let it pass:
-- depends_on: {{ ref('int_products_labelled') }}

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
where
    status <> 'running'
    and (status <> 'completed' or load_batch_id <= {{ audit_bounds()[1] }})
