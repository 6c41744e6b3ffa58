{% macro adopt_snapshot() %}
    {%- if is_incremental() %}
do $adopt$
declare
    old_index text;
begin
    if not exists (
        select from pg_constraint
        where conrelid = '{{ this }}'::regclass and contype = 'p'
    ) then
        for old_index in
            select indexrelid::regclass from pg_index
            where indrelid = '{{ this }}'::regclass and indisunique
        loop
            execute 'drop index ' || old_index;
        end loop;
        delete from {{ this }} as twice
        using {{ this }} as held
        where
            twice.productid = held.productid
            and twice.load_batch_id = held.load_batch_id
            and twice.ctid > held.ctid;
        alter table {{ this }} add primary key (productid, load_batch_id);
    end if;
end
$adopt$
    {%- endif %}
{% endmacro %}
