with

state as (
    select * from {{ ref('current_data_state') }}
),

products as (
    select * from {{ ref('products') }}
),

labels as (
    select * from {{ ref('labels') }}
),

joined as (
    select
        count(*) as products,
        count(distinct labels.prdtypecode) as classes
    from products
    inner join labels
        on products.productid = labels.productid
)

select
    joined.products,
    joined.classes
from joined
inner join state
    on
        joined.products <> state.products
        or joined.classes <> state.classes
