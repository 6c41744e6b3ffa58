-- Only a correction that gives two products the same text can cause this; every build
-- reports it until another correction resolves it.
-- The folds are referenced twice: PostgreSQL materialises a CTE that is used twice.
{{ config(severity='warn') }}

with

folds as (
    select * from {{ ref('product_folds') }}
),

corrections as (
    select * from {{ ref('data_loads') }}
    where batch_name like 'correction%'
),

audited as (
    select text_digest from {{ ref('product_folds') }}
    where
        {{ awaits_audit() }}
        or load_batch_id in (select corrections.id from corrections)
)

select text_digest
from folds
where text_digest in (select audited.text_digest from audited)
group by text_digest
having count(distinct fold) > 1
