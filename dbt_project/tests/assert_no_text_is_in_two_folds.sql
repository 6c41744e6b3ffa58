-- Only a correction that makes two products alike can bring this about; it is reported.
-- The folds are taken twice: PostgreSQL materialises a CTE that is used twice.
{{ config(severity='warn') }}

with

folds as (
    select * from {{ ref('product_folds') }}
),

audited as (
    select text_digest from {{ ref('product_folds') }}
    where {{ awaits_audit() }}
)

select text_digest
from folds
where text_digest in (select audited.text_digest from audited)
group by text_digest
having count(distinct fold) > 1
