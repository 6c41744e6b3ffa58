-- A snapshot sees one version of a product a run; a second would be lost to history.
{{ config(group='pipeline') }}

with

versions as (
    select * from {{ ref('int_product_versions') }}
)

select productid
from versions
where
    load_batch_id > {{ last_batch_in('products_history') }}
    and {{ awaits_audit() }}
group by productid
having count(*) > 1
