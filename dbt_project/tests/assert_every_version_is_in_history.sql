{{ config(group="pipeline") }}

-- Every raw version of an audited batch is in both histories, whose keys keep it there once.
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
        load_batch_id
    from {{ ref('products_history') }}
    where {{ awaits_audit() }}
),

labels as (
    select
        productid,
        load_batch_id
    from {{ ref('labels_history') }}
    where {{ awaits_audit() }}
)

select
    coalesce(
        versions.productid, products.productid, labels.productid
    ) as productid,
    coalesce(
        versions.load_batch_id, products.load_batch_id, labels.load_batch_id
    ) as load_batch_id
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
    or products.productid is null
    or labels.productid is null
