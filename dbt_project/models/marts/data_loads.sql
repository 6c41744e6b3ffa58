{{ config(
    incremental_strategy='replace',
    meta={'distribute_by': 'local'},
) }}
-- A batch appears here when all of these have it:
-- depends_on: {{ ref('class_distribution') }}
-- depends_on: {{ ref('class_distribution_by_batch') }}
-- depends_on: {{ ref('data_quality_by_batch') }}
-- depends_on: {{ ref('labels') }}
-- depends_on: {{ ref('training_examples') }}

with

loads as (
    select * from {{ ref('stg_catalogue__data_loads') }}
),

audited as (
    select * from {{ ref('int_audited_batches') }}
)

select
    loads.load_batch_id as id,
    loads.batch_name,
    loads.percentage,
    loads.total_rows,
    loads.started_at,
    loads.completed_at,
    loads.status,
    loads.metadata
from loads
left join audited
    on loads.load_batch_id = audited.load_batch_id
where
    loads.status <> 'running'
    and (
        loads.status <> 'completed'
        or (
            audited.load_batch_id is not null
            and loads.load_batch_id <= {{ batch_range()[1] }}
        )
    )
