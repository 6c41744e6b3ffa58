{{ config(
    materialized='incremental',
    incremental_strategy='upsert',
    on_schema_change='fail',
    unique_key=['productid', 'load_batch_id', 'kind'],
    indexes=[{'columns': ['load_batch_id']}],
    post_hook="{{ set_watermark() }}",
    grants={'select': ['analyst']},
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
{%- set mojibake -%}
(?:Ã[©¨ª§®´»¢¼¶¿]|â€|Â[°«»®©]|�|¡ã|[[:alpha:]]¿[[:alpha:]]
{#- #}|(?:^|[\s''(-])[[:alpha:]]+\?[[:lower:]]{2,}(?:$|[\s''’,.;:)?-]))
{%- endset %}
{%- set before_code -%}
(?i)(?:prdtypecode|classe?|code|cat[ée]gorie|type)[\s:=#n°]{1,4}
{%- endset %}
-- Searching all texts for a passage with its context takes several times as long as searching
-- those that a simpler condition leaves. LIMIT ALL keeps PostgreSQL from joining texts anew
-- for each condition; Citus would bring all rows to the coordinator.
-- depends_on: {{ ref('int_audited_batches') }}

with

versions as (
    select
        productid,
        load_batch_id,
        prdtypecode,
        designation {{ text_collation() }} as designation,
        coalesce(description, '') {{ text_collation() }} as description,
        concat_ws(' ', designation, description) {{ text_collation() }} as full_text,
        lower(concat_ws(' ', designation, description) collate "C") as lower_text,
        right(description, 66) {{ text_collation() }} as ending
    from {{ ref('int_product_versions') }}
    where
        not withdrawn
        and {{ is_new_batch() }}
    {{ 'limit all' if not has_citus() }}
),

-- The detail of each kind of issue; null where the text has no such issue. MATERIALIZED keeps
-- PostgreSQL from searching twice in texts with an issue.
checked as {{ 'materialized ' if not has_citus() }}(
    select
        productid,
        load_batch_id,
        case
            when
                left(full_text, 20) !~ '[[:alnum:]]'
                and full_text !~ '[[:alnum:]]'
                then left(full_text, 60)
        end as empty_text,
        -- UTF-8 read as Latin-1, or letters that an encoding did not have: dâ€™, Caract?istique.
        case
            when
                full_text ~ '[ÃÂ�¿]|â€|¡ã|\?[[:lower:]]'
                and full_text ~ '{{ mojibake }}'
                then substr(
                    full_text,
                    greatest(regexp_instr(full_text, '{{ mojibake }}') - 15, 1),
                    45
                )
        end as mojibake,
        -- A title that ends in dots, a description that ends inside an entity or a tag.
        coalesce(
            case
                when designation ~ '(?:\.\.\.|…)\s*$'
                    then substring(designation from '.{0,25}(?:\.\.\.|…)\s*$')
            end,
            case
                when ending ~ '[&<][^<>]*$'
                    then substring(
                        ending
                        from '.{0,25}(?:&#?[[:alnum:]]{1,7}|<[^<>]{0,40})$'
                    )
            end
        ) as cut_text,
        -- Phrases that no French seller writes, each in a search of its own: PostgreSQL takes
        -- longer for one expression of all four than for all of these.
        coalesce(
            case
                when
                    strpos(lower_text, '%') > 0
                    and strpos(lower_text, '100') > 0
                    and (
                        strpos(lower_text, 'neuf') > 0
                        or strpos(lower_text, 'nouve') > 0
                    )
                    then substring(
                        full_text
                        from '(?i)100 ?% (?:tout |flambant )?'
                        '(?:neuf|nouve)\w* (?:et|haute)'
                    )
            end,
            case
                when strpos(lower_text, ' comprend') > 0
                    then substring(full_text from '(?i)le (?:forfait|paquet) comprend')
            end,
            case
                when strpos(lower_text, 'contenu du paquet') > 0
                    then substring(full_text from '(?i)contenu du paquet')
            end,
            case
                when strpos(lower_text, 't permettre') > 0
                    then substring(
                        full_text
                        from '(?i)s(?:''|&#39;)il vous pla.{1,7}t permettre'
                    )
            end
        ) as machine_translated,
        case
            when
                -- Few texts have their start twice, and halves take long to cut.
                octet_length(description) >= 40
                and strpos(right(description, -20), trim(left(description, 20))) > 0
                and length(description) >= 40
                and trim(left(description, length(description) / 2))
                = trim(right(description, length(description) / 2))
                then left(description, 60)
        end as repeated_text,
        case
            when
                full_text like '%' || prdtypecode || '%'
                -- PostgreSQL would compile the next expression for most of the others,
                -- as there is one per class.
                and full_text ~ '{{ before_code }}\d'
                then substring(
                    full_text from '{{ before_code }}' || prdtypecode || '\M'
                )
        end as class_code
    from versions
),

found as (
    select * from checked
    where
        coalesce(
            empty_text,
            mojibake,
            cut_text,
            machine_translated,
            repeated_text,
            class_code
        ) is not null
),

issues as (
    select
        productid,
        load_batch_id,
        'empty_text' as kind,
        empty_text as detail
    from found
    union all
    select
        productid,
        load_batch_id,
        'mojibake' as kind,
        mojibake as detail
    from found
    union all
    select
        productid,
        load_batch_id,
        'cut_text' as kind,
        cut_text as detail
    from found
    union all
    select
        productid,
        load_batch_id,
        'machine_translated' as kind,
        machine_translated as detail
    from found
    union all
    select
        productid,
        load_batch_id,
        'repeated_text' as kind,
        repeated_text as detail
    from found
    union all
    select
        productid,
        load_batch_id,
        'class_code' as kind,
        class_code as detail
    from found
)

select * from issues
where detail is not null
