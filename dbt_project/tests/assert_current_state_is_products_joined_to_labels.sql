-- Every product has its label, and a foreign key gives every label its product, so the
-- labels are the join.
with

state as (
    select * from {{ ref('current_data_state') }}
),

audited as (
    select productid from {{ ref('products') }}
    where {{ awaits_audit() }}
),

labels as not materialized (
    select * from {{ ref('labels') }}
),

unlabelled as (
    select audited.productid
    from audited
    left join labels
        on audited.productid = labels.productid
    where labels.productid is null
),

classes as (
    select count(*) as products
    from labels
    group by prdtypecode
),

joined as (
    select
        sum(products) as products,
        count(*) as classes
    from classes
)

select
    joined.products,
    joined.classes,
    (select count(*) from unlabelled) as unlabelled
from joined
inner join state
    on
        joined.products <> state.products
        or joined.classes <> state.classes
        or exists (select 1 from unlabelled)
