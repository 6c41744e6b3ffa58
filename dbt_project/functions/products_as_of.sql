with

as_of as (
    select max(id) as load_batch_id
    from {{ ref('data_loads') }}
    where
        batch_name = as_of_batch
        and status = 'completed'
),

versions as (
    select history.*
    from {{ ref('products_history') }} as history
    inner join as_of
        on history.load_batch_id <= as_of.load_batch_id
),

newest as (
    select
        productid,
        max(load_batch_id) as load_batch_id
    from versions
    group by productid
)

select
    versions.productid,
    versions.designation,
    versions.description,
    versions.imageid,
    versions.image_path,
    labels.prdtypecode,
    versions.load_batch_id
from versions
inner join newest
    on
        versions.productid = newest.productid
        and versions.load_batch_id = newest.load_batch_id
inner join {{ ref('labels_history') }} as labels
    on
        versions.productid = labels.productid
        and versions.load_batch_id = labels.load_batch_id
where versions.operation_type <> 'DELETE'
