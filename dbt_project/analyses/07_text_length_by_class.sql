-- How long are the texts of each class?
select
    classes.category,
    percentile_cont(0.5) within group (
        order by length(products.designation)
    ) as median_title,
    percentile_cont(0.5) within group (
        order by coalesce(length(products.description), 0)
    ) as median_description,
    max(length(products.description)) as longest_description
from {{ ref('products') }} as products
inner join {{ ref('labels') }} as labels
    on products.productid = labels.productid
inner join {{ ref('class_distribution') }} as classes
    on labels.prdtypecode = classes.prdtypecode
group by classes.category
order by median_description desc
