{{ config(
    incremental_strategy='upsert',
    unique_key=['load_batch_id', 'prdtypecode'],
    meta={'distribute_by': 'local', 'watermark': true},
) }}

with

versions as (
    select * from {{ ref('labels_history') }}
),

new_batches as (
    select
        load_batch_id,
        batch_name
    from {{ ref('int_audited_batches') }}
    where {{ is_new_batch() }}
),

-- Referenced directly: PostgreSQL materialises a CTE that is used twice.
arrived as (
    select * from {{ ref('labels_history') }}
    where {{ is_new_batch() }}
),

-- A version ends when its successor begins.
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
    where load_batch_id = {{ batch_range()[0] }}
    {%- else %}
    select
        load_batch_id,
        batch_name,
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
),

shares as (
    select
        *,
        (
            100.0 * count
            / nullif(sum(count) over (partition by load_batch_id), 0)
        )::numeric(7, 2) as percentage
    from stacked
),

-- Classes without products are kept until here; otherwise a class that comes back would be
-- compared with the last batch that had it.
compared as (
    select
        *,
        lag(count) over (
            partition by prdtypecode order by load_batch_id
        ) as previous_count,
        lag(percentage) over (
            partition by prdtypecode order by load_batch_id
        ) as previous_percentage
    from shares
)

select
    compared.load_batch_id,
    compared.prdtypecode,
    compared.batch_name,
    compared.count,
    compared.arrived,
    compared.percentage,
    compared.count - coalesce(compared.previous_count, 0) as growth,
    (
        case
            when compared.previous_count > 0
                then compared.percentage - compared.previous_percentage
        end
    )::numeric(7, 2) as percentage_change
from compared
inner join new_batches
    on compared.load_batch_id = new_batches.load_batch_id
where compared.count > 0
