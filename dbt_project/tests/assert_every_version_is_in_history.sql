{{ config(group="pipeline") }}

-- Every raw version of an audited batch is in both histories exactly once.
with

audited as (
    select * from {{ ref('int_audited_batches') }}
    where {{ awaits_audit() }}
),

all_versions as (
    select * from {{ ref('int_product_versions') }}
    where {{ awaits_audit() }}
),

versions as (
    select
        all_versions.productid,
        all_versions.load_batch_id
    from all_versions
    inner join audited
        on all_versions.load_batch_id = audited.load_batch_id
),

products as (
    select
        productid,
        load_batch_id,
        count(*) as times
    from {{ ref('products_history') }}
    where {{ awaits_audit() }}
    group by productid, load_batch_id
),

labels as (
    select
        productid,
        load_batch_id,
        count(*) as times
    from {{ ref('labels_history') }}
    where {{ awaits_audit() }}
    group by productid, load_batch_id
)

select
    versions.productid,
    versions.load_batch_id,
    products.times as in_products_history,
    labels.times as in_labels_history
from versions
full outer join products
    on
        versions.productid = products.productid
        and versions.load_batch_id = products.load_batch_id
full outer join labels
    on
        versions.productid = labels.productid
        and versions.load_batch_id = labels.load_batch_id
where
    versions.productid is null
    or products.times is distinct from 1
    or labels.times is distinct from 1
