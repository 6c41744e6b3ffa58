with

history as (
    select * from {{ ref('products_history') }}
)

select productid
from history
where valid_to = '9999-12-31 00:00:00+00'
group by productid
having count(*) > 1
