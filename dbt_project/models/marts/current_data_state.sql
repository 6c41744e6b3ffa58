{{ config(
    incremental_strategy='replace',
    meta={'distribute_by': 'local'},
) }}

with

loads as (
    select * from {{ ref('data_loads') }}
),

classes as (
    select * from {{ ref('class_distribution') }}
),

last_batch as (
    select * from loads
    where status = 'completed'
    order by id desc
    limit 1
),

summed as (
    select
        sum(count)::bigint as products,
        count(*) as classes,
        max(count) as largest_class,
        min(count) as smallest_class
    from classes
)

select
    last_batch.id as load_batch_id,
    last_batch.batch_name as last_batch,
    last_batch.percentage,
    last_batch.total_rows,
    summed.products,
    summed.classes,
    summed.largest_class,
    summed.smallest_class,
    least(
        summed.largest_class::numeric / summed.smallest_class, 99999.99
    )::numeric(7, 2) as imbalance_ratio,
    last_batch.completed_at
from last_batch
cross join summed
