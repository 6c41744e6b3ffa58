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
        load_batch_id,
        batch_name
    from batches
    where
        {{ is_new_batch() }}
        and {{ awaits_audit() }}
),

-- Imported a second time: PostgreSQL materialises a CTE that is used twice.
arrived as (
    select * from {{ ref('labels_history') }}
    where
        {{ is_new_batch() }}
        and {{ awaits_audit() }}
),

-- What a version took the place of ended when it began.
changes as (
    select
        load_batch_id,
        prdtypecode,
        1 as arrived,
        0 as departed
    from arrived
    where operation_type <> 'DELETE'
    union all
    select
        arrived.load_batch_id,
        versions.prdtypecode,
        0 as arrived,
        1 as departed
    from arrived
    inner join versions
        on
            arrived.productid = versions.productid
            and arrived.valid_from = versions.valid_to
    where versions.operation_type <> 'DELETE'
),

tallies as (
    select
        load_batch_id,
        prdtypecode,
        sum(arrived) as arrived,
        sum(departed) as departed
    from changes
    group by load_batch_id, prdtypecode
),

held as (
    {%- if is_incremental() %}
    select
        load_batch_id,
        batch_name,
        prdtypecode,
        count,
        arrived
    from {{ this }}
    where load_batch_id = (select max(newest.load_batch_id) from {{ this }} as newest)
    {%- else %}
    select
        new_batches.load_batch_id,
        new_batches.batch_name,
        null::integer as prdtypecode,
        0::bigint as count,
        0::bigint as arrived
    from new_batches
    where false
    {%- endif %}
),

classes as (
    select prdtypecode from held
    union
    select prdtypecode from tallies
),

counted as (
    select
        new_batches.load_batch_id,
        new_batches.batch_name,
        classes.prdtypecode,
        (
            coalesce(held.count, 0)
            + sum(coalesce(tallies.arrived - tallies.departed, 0)) over (
                partition by classes.prdtypecode
                order by new_batches.load_batch_id
            )
        )::bigint as count,
        coalesce(tallies.arrived, 0)::bigint as arrived
    from new_batches
    cross join classes
    left join held
        on classes.prdtypecode = held.prdtypecode
    left join tallies
        on
            new_batches.load_batch_id = tallies.load_batch_id
            and classes.prdtypecode = tallies.prdtypecode
),

stacked as (
    select * from held
    union all
    select * from counted
    where count > 0
),

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
