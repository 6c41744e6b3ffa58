-- Ten folds of 10 % each, within a point; on few products within four standard deviations
-- of the binomial share.
with

folds as (
    select * from {{ ref('product_folds') }}
),

shares as (
    select
        fold,
        count(*)::numeric / sum(count(*)) over () as share,
        sum(count(*)) over () as total
    from folds
    group by fold
)

select * from shares
where abs(share - 0.1) > greatest(0.01, 4 * sqrt(0.09 / total))
