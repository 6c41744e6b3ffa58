{# dbt compares a snapshot's source with all current rows of the history. These two compare
   it with the rows of its own products, which are found by the index on the product: a
   week's snapshot costs the same however long the history is. #}

{% macro postgres__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set held -%}
        (
            select held.*
            from {{ target_relation }} as held
            where held.{{ strategy.unique_key }} in (
                select pending.{{ strategy.unique_key }}
                from ({{ source_sql }}) as pending
            )
        ) as held
    {%- endset -%}
    {{ default__snapshot_staging_table(strategy, source_sql, held) }}
{%- endmacro %}

{# As dbt-postgres has it, but for the condition on the key. #}
{% macro postgres__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set names = config.get("snapshot_table_column_names") %}
    {%- set key = config.get("unique_key") %}
    {%- set columns = insert_cols | join(", ") %}
    update {{ target }}
    set {{ names.dbt_valid_to }} = pending.{{ names.dbt_valid_to }}
    from {{ source }} as pending
    where
        pending.{{ key }} = {{ target }}.{{ key }}
        and pending.{{ names.dbt_scd_id }} = {{ target }}.{{ names.dbt_scd_id }}
        and pending.dbt_change_type = 'update'
        and {{ target }}.{{ names.dbt_valid_to }}
        = {{ config.get("dbt_valid_to_current") }};

    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from {{ source }}
    where dbt_change_type = 'insert';
{%- endmacro %}
