-- Products, labels and examples are the current versions in the histories.
{{ config(group='pipeline') }}

with

product_versions as (
    select * from {{ ref('products_history') }}
    where
        valid_to = {{ end_of_time() }}
        and {{ awaits_audit() }}
),

label_versions as (
    select * from {{ ref('labels_history') }}
),

versions as not materialized (
    select
        product_versions.productid,
        product_versions.load_batch_id,
        product_versions.operation_type,
        label_versions.prdtypecode
    from product_versions
    inner join label_versions
        on
            product_versions.productid = label_versions.productid
            and product_versions.load_batch_id = label_versions.load_batch_id
),

current_versions as (
    select * from versions
    where operation_type <> 'DELETE'
),

withdrawn as (
    select * from versions
    where operation_type = 'DELETE'
),

all_products as not materialized (
    select * from {{ ref('products') }}
),

products as (
    select * from all_products
    where {{ awaits_audit() }}
),

labels as (
    select * from {{ ref('labels') }}
    where {{ awaits_audit() }}
),

examples as (
    select * from {{ ref('training_examples') }}
    where {{ awaits_audit() }}
)

select
    coalesce(
        current_versions.productid,
        products.productid,
        labels.productid,
        examples.productid
    ) as productid
from current_versions
full outer join products
    on
        current_versions.productid = products.productid
        and current_versions.load_batch_id = products.load_batch_id
full outer join labels
    on
        current_versions.productid = labels.productid
        and current_versions.load_batch_id = labels.load_batch_id
        and current_versions.prdtypecode = labels.prdtypecode
full outer join examples
    on
        current_versions.productid = examples.productid
        and current_versions.load_batch_id = examples.load_batch_id
        and current_versions.prdtypecode = examples.prdtypecode
where
    current_versions.productid is null
    or products.productid is null
    or labels.productid is null
    or examples.productid is null
union all
select all_products.productid
from all_products
inner join withdrawn
    on all_products.productid = withdrawn.productid
