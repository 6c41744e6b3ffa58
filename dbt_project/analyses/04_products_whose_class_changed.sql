-- Which products were given another class by a correction?
select
    later.productid,
    earlier.prdtypecode as class_before,
    later.prdtypecode as class_after,
    later.valid_from as changed_at
from {{ ref('labels_history') }} as later
inner join {{ ref('labels_history') }} as earlier
    on
        later.productid = earlier.productid
        and later.valid_from = earlier.valid_to
where
    later.operation_type = 'UPDATE'
    and later.prdtypecode <> earlier.prdtypecode
order by changed_at desc, later.productid asc
