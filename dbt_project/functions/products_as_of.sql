select
    products.productid,
    products.designation,
    products.description,
    products.imageid,
    products.image_path,
    labels.prdtypecode,
    products.load_batch_id
from {{ ref('products_history') }} as products
inner join {{ ref('labels_history') }} as labels
    on
        products.productid = labels.productid
        and products.load_batch_id = labels.load_batch_id
inner join {{ ref('data_loads') }} as loads
    on
        loads.batch_name = as_of_batch
        and loads.status = 'completed'
where
    products.valid_from <= loads.completed_at
    and products.valid_to > loads.completed_at
    and products.operation_type <> 'DELETE'
