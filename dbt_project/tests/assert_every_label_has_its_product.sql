{{ config(group='pipeline') }}

with

labels as (
    select * from {{ ref('stg_catalogue__labels') }}
    where {{ awaits_audit() }}
),

products as (
    select * from {{ ref('stg_catalogue__products') }}
),

batches as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
)

select
    labels.row_number,
    labels.load_batch_id
from labels
inner join batches
    on labels.load_batch_id = batches.load_batch_id
left join products
    on
        labels.row_number = products.row_number
        and labels.load_batch_id = products.load_batch_id
where products.row_number is null
