-- Every completed batch still has the rows it loaded, no matter when it was audited. Those
-- of a week follow from the totals; the first versions of the loaders recorded none for a
-- correction.
{{ config(group='pipeline') }}

with

loads as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
),

grown as (
    select
        load_batch_id,
        batch_name,
        metadata -> 'rows' as noted,
        case
            when batch_name like 'week%'
                then
                    total_rows
                    - coalesce(lag(total_rows) over (order by load_batch_id), 0)
        end as growth
    from loads
),

expected as (
    select
        load_batch_id,
        batch_name,
        coalesce((noted ->> 'x_train')::bigint, growth) as products,
        coalesce((noted ->> 'y_train')::bigint, growth) as labels
    from grown
),

products as (
    select
        load_batch_id,
        count(*) as row_count
    from {{ ref('stg_catalogue__products') }}
    group by load_batch_id
),

labels as (
    select
        load_batch_id,
        count(*) as row_count
    from {{ ref('stg_catalogue__labels') }}
    group by load_batch_id
)

select
    expected.batch_name,
    expected.products,
    products.row_count as products_there,
    expected.labels,
    labels.row_count as labels_there
from expected
left join products
    on expected.load_batch_id = products.load_batch_id
left join labels
    on expected.load_batch_id = labels.load_batch_id
where
    expected.products <> coalesce(products.row_count, 0)
    or expected.labels <> coalesce(labels.row_count, 0)
