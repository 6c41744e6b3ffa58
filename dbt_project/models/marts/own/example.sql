-- Products without a description by class: an example, not built. Copy it without this line:
{{ config(enabled=false) }}

select
    category,
    count(*) as products
from {{ ref('labelled_products') }}
where description is null
group by category
