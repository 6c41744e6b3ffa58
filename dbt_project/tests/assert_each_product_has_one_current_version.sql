-- The history is referenced twice: PostgreSQL materialises a CTE that is used twice.
with

history as (
    select * from {{ ref('products_history') }}
    where valid_to = '9999-12-31 00:00:00+00'
),

audited as (
    select productid from {{ ref('products_history') }}
    where {{ awaits_audit() }}
)

select productid
from history
where productid in (select audited.productid from audited)
group by productid
having count(*) > 1
