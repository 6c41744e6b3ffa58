with

decisions as (
    select * from {{ ref('stg_catalogue__decisions') }}
),

audited as (
    select * from {{ ref('int_audited_batches') }}
),

labels as (
    select * from {{ ref('labels_history') }}
)

select distinct
    decisions.productid,
    labels.prdtypecode
from decisions
inner join audited
    on decisions.load_batch_id = audited.load_batch_id
inner join labels
    on
        decisions.productid = labels.productid
        and audited.completed_at >= labels.valid_from
        and audited.completed_at < labels.valid_to
where decisions.decision = 'keep'
