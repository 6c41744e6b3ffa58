{{ config(
    incremental_strategy='replace',
    meta={'distribute_by': 'local', 'watermark': true},
) }}

with

labels as (
    select * from {{ ref('labels') }}
),

categories as (
    select * from {{ ref('product_categories') }}
),

counted as (
    select
        labels.prdtypecode,
        categories.category,
        categories.category_fr,
        count(*) as count
    from labels
    inner join categories
        on labels.prdtypecode = categories.prdtypecode
    group by labels.prdtypecode, categories.category, categories.category_fr
)

select
    prdtypecode,
    category,
    category_fr,
    count,
    (100.0 * count / sum(count) over ())::numeric(7, 2) as percentage
from counted
order by count desc, prdtypecode asc
