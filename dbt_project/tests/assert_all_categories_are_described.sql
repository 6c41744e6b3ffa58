-- No name is missing and none appears twice.
with

categories as (
    select * from {{ ref('product_categories') }}
)

select
    count(*) as codes,
    count(distinct category) as english_names,
    count(distinct category_fr) as french_names
from categories
having
    count(*) <> count(distinct category)
    or count(*) <> count(distinct category_fr)
