-- 27 codes, no name missing, none twice.
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
    count(*) <> 27
    or count(distinct category) <> 27
    or count(distinct category_fr) <> 27
