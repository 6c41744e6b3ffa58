{{ config(
    incremental_strategy='upsert',
    unique_key=['productid', 'load_batch_id'],
    indexes=[{'columns': ['load_batch_id']}],
    pre_hook="{{ adopt_snapshot() }}",
    post_hook="analyze {{ this }} (productid, load_batch_id, valid_from, valid_to)",
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
-- depends_on: {{ ref('int_audited_batches') }}
-- depends_on: {{ ref('int_product_versions') }}
{{ history_of(['prdtypecode']) }}
