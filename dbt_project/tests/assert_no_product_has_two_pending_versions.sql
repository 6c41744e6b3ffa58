-- A snapshot sees one version of a product a run; a second would be lost to history.
-- Every mart waits for the gate: depends_on: {{ ref('int_products_labelled') }}
{{ config(group='pipeline') }}

with

pending as (
    select * from {{ ref('int_product_versions_pending') }}
)

select productid
from pending
group by productid
having count(*) > 1
