-- Which texts does the catalogue put into more than one class? No model can get these
-- right.
select
    folds.text_digest,
    count(*) as products,
    count(distinct labels.prdtypecode) as classes,
    array_agg(distinct labels.prdtypecode) as codes,
    min(products.designation) as example
from {{ ref('products') }} as products
inner join {{ ref('labels') }} as labels
    on products.productid = labels.productid
inner join {{ ref('product_folds') }} as folds
    on products.productid = folds.productid
group by folds.text_digest
having count(distinct labels.prdtypecode) > 1
order by products desc, folds.text_digest asc
limit 50
