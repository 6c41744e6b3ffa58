with

current_versions as not materialized (
    select * from {{ ref('products_history') }}
    where valid_to = {{ end_of_time() }}
),

audited as (
    select * from current_versions
    where {{ awaits_audit() }}
)

select distinct current_versions.productid
from current_versions
inner join audited
    on
        current_versions.productid = audited.productid
        and current_versions.load_batch_id <> audited.load_batch_id
