{{ config(
    incremental_strategy='upsert',
    unique_key=['load_batch_id', 'prdtypecode'],
    meta={'distribute_by': 'local'},
) }}

with

versions as (
    select * from {{ ref('labels_history') }}
),

batches as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
),

new_batches as (
    select
        batches.load_batch_id,
        batches.batch_name,
        batches.completed_at
    from batches
    where {{ is_new_batch('batches.load_batch_id') }}
),

-- Versions as they stood when each new batch was complete.
counted as (
    select
        new_batches.load_batch_id,
        new_batches.batch_name,
        versions.prdtypecode,
        count(*) as count,
        count(*) filter (
            where versions.load_batch_id = new_batches.load_batch_id
        ) as arrived
    from new_batches
    inner join versions
        on
            new_batches.completed_at >= versions.valid_from
            and new_batches.completed_at < versions.valid_to
    where versions.operation_type <> 'DELETE'
    group by
        new_batches.load_batch_id,
        new_batches.batch_name,
        versions.prdtypecode
),

{% if is_incremental() -%}
known as (
    select
        load_batch_id,
        batch_name,
        prdtypecode,
        count,
        arrived
    from {{ this }}
    where load_batch_id = (select max(held.load_batch_id) from {{ this }} as held)
),

stacked as (
    select * from known
    union all
    select * from counted
),
{%- else -%}
stacked as (
    select * from counted
),
{%- endif %}

compared as (
    select
        load_batch_id,
        batch_name,
        prdtypecode,
        count,
        arrived,
        (
            100.0 * count / sum(count) over (partition by load_batch_id)
        )::numeric(7, 2) as percentage,
        count - coalesce(lag(count) over (
            partition by prdtypecode order by load_batch_id
        ), 0) as growth
    from stacked
),

changed as (
    select
        load_batch_id,
        prdtypecode,
        batch_name,
        count,
        arrived,
        percentage,
        growth,
        (
            percentage - lag(percentage) over (
                partition by prdtypecode order by load_batch_id
            )
        )::numeric(7, 2) as percentage_change
    from compared
)

select changed.*
from changed
inner join new_batches
    on changed.load_batch_id = new_batches.load_batch_id
