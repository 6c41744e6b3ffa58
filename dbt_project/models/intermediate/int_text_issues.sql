{{ config(
    materialized='incremental',
    incremental_strategy='upsert',
    on_schema_change='fail',
    unique_key=['productid', 'load_batch_id', 'kind'],
    indexes=[{'columns': ['load_batch_id']}],
    post_hook="{{ set_watermark() }}",
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
{%- set mojibake -%}
(?:Ã[©¨ª§®´»¢¼¶¿]|â€|Â[°«»®©]|�|¡ã|[[:alpha:]]¿[[:alpha:]]
{#- #}|(?:^|[\s''(-])[[:alpha:]]+\?[[:lower:]]{2,}(?:$|[\s''’,.;:)?-]))
{%- endset %}
-- Searching all texts for a passage with its context takes several times as long as searching
-- those that a simpler condition leaves.
-- depends_on: {{ ref('int_audited_batches') }}

with

versions as (
    select
        productid,
        load_batch_id,
        prdtypecode,
        designation,
        coalesce(description, '') as description,
        concat_ws(' ', designation, description) as full_text,
        right(description, 66) as ending,
        length(description) / 2 as half_length
    from {{ ref('int_product_versions') }}
    where
        not withdrawn
        and {{ is_new_batch() }}
),

empty_texts as (
    select
        productid,
        load_batch_id,
        'empty_text' as kind,
        left(full_text, 60) as detail
    from versions
    where full_text !~ '[[:alnum:]]'
),

-- UTF-8 read as Latin-1, or letters that an encoding did not have: dâ€™, Caract?istique.
mojibake as (
    select
        productid,
        load_batch_id,
        'mojibake' as kind,
        substring(full_text from '.{0,15}{{ mojibake }}.{0,15}') as detail
    from versions
    where full_text ~ '{{ mojibake }}'
),

-- A title that ends in dots, a description that ends inside an entity or a tag.
cut_texts as (
    select
        productid,
        load_batch_id,
        'cut_text' as kind,
        coalesce(
            substring(designation from '.{0,25}(?:\.\.\.|…)\s*$'),
            substring(ending from '.{0,25}(?:&#?[[:alnum:]]{1,7}|<[^<>]{0,40})$')
        ) as detail
    from versions
    where
        designation ~ '(?:\.\.\.|…)\s*$'
        or ending ~ '[&<][^<>]*$'
),

-- Phrases that no French seller writes.
machine_translated as (
    select
        productid,
        load_batch_id,
        'machine_translated' as kind,
        substring(
            full_text
            from '(?i)100 ?% (?:tout |flambant )?(?:neuf|nouve)\w* (?:et|haute)'
            '|le (?:forfait|paquet) comprend|contenu du paquet'
            '|s(?:''|&#39;)il vous pla.{1,7}t permettre'
        ) as detail
    from versions
    where full_text ~* '100 ?%|comprend|contenu|permettre'
),

repeated_texts as (
    select
        productid,
        load_batch_id,
        'repeated_text' as kind,
        left(description, 60) as detail
    from versions
    where
        half_length >= 20
        and trim(left(description, half_length)) = trim(right(description, half_length))
),

class_codes as (
    select
        productid,
        load_batch_id,
        'class_code' as kind,
        substring(
            full_text
            from '(?i)(?:prdtypecode|classe?|code|cat[ée]gorie|type)[\s:=#n°]{1,4}'
            || prdtypecode || '\M'
        ) as detail
    from versions
    where full_text like '%' || prdtypecode || '%'
),

issues as (
    select * from empty_texts
    union all
    select * from mojibake
    union all
    select * from cut_texts
    union all
    select * from machine_translated
    union all
    select * from repeated_texts
    union all
    select * from class_codes
)

select
    productid,
    load_batch_id,
    kind,
    detail
from issues
where detail is not null
