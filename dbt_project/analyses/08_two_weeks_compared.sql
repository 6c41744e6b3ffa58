-- What differs between two batches, class by class? Put in any two names.
with

before as (
    select
        prdtypecode,
        count(*) as products
    from {{ function('products_as_of') }}('week_1')
    group by prdtypecode
),

after as (
    select
        prdtypecode,
        count(*) as products
    from {{ function('products_as_of') }}('week_2')
    group by prdtypecode
)

select
    after.prdtypecode,
    before.products as products_before,
    after.products as products_after,
    after.products - coalesce(before.products, 0) as difference
from after
left join before
    on after.prdtypecode = before.prdtypecode
order by difference desc, after.prdtypecode asc
