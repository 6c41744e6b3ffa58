-- Among the newest versions of products; a withdrawn one has freed its number.
{{ config(group='pipeline') }}

with

versions as not materialized (
    select
        productid,
        row_number,
        load_batch_id
    from {{ ref('int_product_versions') }}
    where not withdrawn
),

audited as {{ gathered() }}(
    select * from versions
    where {{ awaits_audit() }}
),

newer_versions as {{ gathered() }}(
    select
        productid,
        load_batch_id
    from {{ ref('int_product_versions') }}
),

-- MATERIALIZED: few versions or none, for which newer ones are then looked up.
shared as materialized (
    select
        audited.row_number,
        audited.productid,
        audited.load_batch_id,
        versions.productid as other_productid,
        versions.load_batch_id as other_load_batch_id
    from audited
    inner join versions
        on
            audited.row_number = versions.row_number
            and audited.productid <> versions.productid
)

select distinct shared.row_number
from shared
where
    not exists (
        select 1
        from newer_versions
        where
            newer_versions.productid = shared.productid
            and newer_versions.load_batch_id > shared.load_batch_id
    )
    and not exists (
        select 1
        from newer_versions
        where
            newer_versions.productid = shared.other_productid
            and newer_versions.load_batch_id > shared.other_load_batch_id
    )
