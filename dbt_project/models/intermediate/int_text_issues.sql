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

-- One row per version and kind of issue, without a detail where the text has no such issue.
issues as (
    select
        versions.productid,
        versions.load_batch_id,
        checked.kind,
        checked.detail
    from versions
    cross join lateral (
        values
        ('empty_text', case
            when versions.full_text !~ '[[:alnum:]]'
                then left(versions.full_text, 60)
        end),
        -- UTF-8 read as Latin-1, or letters that an encoding did not have: dâ€™, Caract?istique.
        ('mojibake', case
            when
                versions.full_text ~ '[ÃâÂ�¡¿?]'
                and versions.full_text ~ '{{ mojibake }}'
                then substring(
                    versions.full_text from '.{0,15}{{ mojibake }}.{0,15}'
                )
        end),
        -- A title that ends in dots, a description that ends inside an entity or a tag.
        ('cut_text', coalesce(
            case
                when versions.designation ~ '(?:\.\.\.|…)\s*$'
                    then substring(
                        versions.designation from '.{0,25}(?:\.\.\.|…)\s*$'
                    )
            end,
            case
                when versions.ending ~ '[&<][^<>]*$'
                    then substring(
                        versions.ending
                        from '.{0,25}(?:&#?[[:alnum:]]{1,7}|<[^<>]{0,40})$'
                    )
            end
        )),
        -- Phrases that no French seller writes.
        ('machine_translated', case
            when versions.full_text ~* '100 ?%|comprend|contenu|permettre'
                then substring(
                    versions.full_text
                    from '(?i)100 ?% (?:tout |flambant )?(?:neuf|nouve)\w* (?:et|haute)'
                    '|le (?:forfait|paquet) comprend|contenu du paquet'
                    '|s(?:''|&#39;)il vous pla.{1,7}t permettre'
                )
        end),
        ('repeated_text', case
            when
                versions.half_length >= 20
                and trim(left(versions.description, versions.half_length))
                = trim(right(versions.description, versions.half_length))
                then left(versions.description, 60)
        end),
        ('class_code', case
            when versions.full_text like '%' || versions.prdtypecode || '%'
                then substring(
                    versions.full_text
                    from '(?i)(?:prdtypecode|classe?|code|cat[ée]gorie|type)'
                    '[\s:=#n°]{1,4}' || versions.prdtypecode || '\M'
                )
        end)
    ) as checked (kind, detail)
)

select * from issues
where detail is not null
