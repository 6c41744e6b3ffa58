-- Which products have been corrected or withdrawn, when, and what did they say before?
select
    later.productid,
    later.operation_type,
    later.valid_from as changed_at,
    earlier.designation as designation_before,
    later.designation as designation_after
from {{ ref('products_history') }} as later
inner join {{ ref('products_history') }} as earlier
    on
        later.productid = earlier.productid
        and later.valid_from = earlier.valid_to
order by changed_at desc, later.productid asc
