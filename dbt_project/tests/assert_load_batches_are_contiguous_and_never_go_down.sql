-- week_1, week_2, … without gaps; the percentage never falls; every week brought exactly
-- the rows by which the total grew.
{{ config(group='pipeline') }}

with

loads as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
),

products as (
    select
        load_batch_id,
        count(*) as row_count
    from {{ ref('stg_catalogue__products') }}
    where {{ awaits_audit() }}
    group by load_batch_id
),

compared as (
    select
        load_batch_id,
        batch_name,
        percentage,
        total_rows,
        coalesce(lag(percentage) over (order by load_batch_id), 0)
        as percentage_before,
        coalesce(lag(total_rows) over (order by load_batch_id), 0)
        as total_rows_before
    from loads
),

weeks as (
    select
        compared.load_batch_id,
        compared.batch_name,
        compared.total_rows - compared.total_rows_before as growth,
        coalesce(products.row_count, 0) as row_count,
        'week_' || row_number() over (order by compared.load_batch_id)
        as expected_name
    from compared
    left join products
        on compared.load_batch_id = products.load_batch_id
    where compared.batch_name like 'week%'
)

select
    batch_name,
    'percentage goes down' as finding
from compared
where percentage < percentage_before
union all
select
    batch_name,
    'should be ' || expected_name as finding
from weeks
where batch_name <> expected_name
union all
select
    batch_name,
    row_count || ' rows, but the total grew by ' || growth as finding
from weeks
where
    row_count is distinct from growth
    and {{ awaits_audit() }}
