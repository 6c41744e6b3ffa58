-- In which classes do sellers leave the description empty?
select
    classes.category,
    classes.count as products,
    count(*) filter (where products.description is null) as without_description,
    round(
        100.0 * count(*) filter (where products.description is null) / count(*), 1
    ) as percentage
from {{ ref('products') }} as products
inner join {{ ref('labels') }} as labels
    on products.productid = labels.productid
inner join {{ ref('class_distribution') }} as classes
    on labels.prdtypecode = classes.prdtypecode
group by classes.category, classes.count
order by percentage desc
