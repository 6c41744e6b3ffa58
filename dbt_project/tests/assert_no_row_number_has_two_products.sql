-- Among the newest versions of products; a withdrawn one has freed its number.
{{ config(group='pipeline') }}

with

versions as (
    select
        productid,
        row_number,
        load_batch_id,
        withdrawn
    from {{ ref('int_product_versions') }}
),

audited as (
    select row_number
    from {{ ref('int_product_versions') }}
    where {{ awaits_audit() }}
),

newer_versions as {{ gathered() }}(
    select
        productid,
        load_batch_id
    from {{ ref('int_product_versions') }}
)

select versions.row_number
from versions
where
    versions.row_number in (select audited.row_number from audited)
    and not versions.withdrawn
    and not exists (
        select 1
        from newer_versions
        where
            newer_versions.productid = versions.productid
            and newer_versions.load_batch_id > versions.load_batch_id
    )
group by versions.row_number
having count(*) > 1
