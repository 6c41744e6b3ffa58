{{ config(materialized='stable_view') }}

select
    productid,
    load_batch_id,
    decision
from {{ source('catalogue', 'decisions') }}
