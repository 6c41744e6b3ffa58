-- The newest batch's counts are those of class_distribution, class by class.
with

classes as (
    select * from {{ ref('class_distribution') }}
),

by_batch as (
    select * from {{ ref('class_distribution_by_batch') }}
),

state as (
    select * from {{ ref('current_data_state') }}
),

newest as (
    select
        by_batch.prdtypecode,
        by_batch.count
    from by_batch
    inner join state
        on by_batch.load_batch_id = state.load_batch_id
)

select
    classes.count as now,
    newest.count as at_newest_batch,
    coalesce(classes.prdtypecode, newest.prdtypecode) as prdtypecode
from classes
full outer join newest
    on classes.prdtypecode = newest.prdtypecode
where classes.count is distinct from newest.count
