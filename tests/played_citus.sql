-- A plain database plays Citus: it has its row in pg_extension, its catalogue
-- pg_dist_partition, and functions that write down their calls and refuse what Citus
-- refuses. Rows stay where they are. Run by a superuser.
set local allow_system_table_mods = on;
insert into pg_extension
    (oid, extname, extowner, extnamespace, extrelocatable, extversion)
values (987654, 'citus', 10, 'pg_catalog'::regnamespace, false, '14.0');

create table pg_catalog.pg_dist_partition (logicalrelid regclass, partkey text);
create table pg_catalog.calls (
    number bigint generated always as identity,
    function text,
    relation text,
    distribution_column text,
    filled boolean
);

create function pg_catalog.note(
    function text, relation regclass, distribution_column text
) returns void language plpgsql as $$
declare
    filled boolean;
begin
    execute format('select exists (select from %s)', relation) into filled;
    insert into pg_catalog.calls (function, relation, distribution_column, filled)
    select function, nspname || '.' || relname, distribution_column, filled
    from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace
    where pg_class.oid = relation;
end $$;

-- Workers have the schemas that were created, even in vain, after the extension.
create table pg_catalog.schemas_on_workers (statement text);

create function pg_catalog.note_schema()
returns event_trigger language plpgsql security definer as $$
begin
    insert into pg_catalog.schemas_on_workers values (current_query());
end $$;

create event trigger note_schema on ddl_command_start when tag in ('CREATE SCHEMA')
execute function pg_catalog.note_schema();

create function pg_catalog.refuse_rename()
returns event_trigger language plpgsql as $$
begin
    if current_query() ~* 'rename constraint' then
        raise exception
            'renaming constraints belonging to distributed tables is unsupported';
    end if;
end $$;

create event trigger refuse_rename on ddl_command_start when tag in ('ALTER TABLE')
execute function pg_catalog.refuse_rename();

create function pg_catalog.take_over(relation regclass, distribution_column text)
returns void language plpgsql as $$
declare
    found text;
begin
    -- A view moves with its table, by a connection that does not see this transaction.
    select nspname into found
    from pg_depend
    inner join pg_rewrite on pg_rewrite.oid = pg_depend.objid
    inner join pg_class on pg_class.oid = pg_rewrite.ev_class
    inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where pg_depend.refobjid = relation and not exists (
        select from pg_catalog.schemas_on_workers as created
        where statement ~ ('\m' || nspname || '\M')
            and created.xmin <> pg_current_xact_id()::xid
    );
    if found is not null and relation::text like 'raw.%' then
        raise exception 'schema "%" does not exist', found;
    end if;
    if not exists (
        select from pg_class
        where oid = relation and pg_has_role(relowner, 'usage')
    ) then
        raise exception 'must be owner of table %', relation;
    end if;
    if exists (select from pg_dist_partition where logicalrelid = relation) then
        raise exception 'table % is already distributed', relation;
    end if;
    if distribution_column is not null then
        select indexrelid::regclass::text into found from pg_index
        where indrelid = relation and indisunique and not exists (
            select from pg_attribute
            where attrelid = relation and attname = distribution_column
                and attnum = any(indkey)
        );
        if found is not null then
            raise exception 'cannot create constraint on %: % has no column %',
                relation, found, distribution_column;
        end if;
    end if;
    select confrelid::regclass::text into found from pg_constraint
    where conrelid = relation and contype = 'f' and confrelid not in (
        select logicalrelid from pg_dist_partition
        where partkey is null or partkey = distribution_column
    );
    if found is not null then
        raise exception 'referenced table % must be a distributed table', found;
    end if;
    insert into pg_dist_partition values (relation, distribution_column);
end $$;

create function pg_catalog.create_distributed_table(relation regclass, by text)
returns void language sql as $$
    select note('create_distributed_table', relation, by);
    select take_over(relation, by);
$$;

create function pg_catalog.create_reference_table(relation regclass)
returns void language sql as $$
    select note('create_reference_table', relation, null);
    select take_over(relation, null);
$$;

create function pg_catalog.truncate_local_data_after_distributing_table(relation regclass)
returns void language plpgsql as $$
begin
    perform note('truncate_local_data_after_distributing_table', relation, null);
    if exists (
        select from pg_constraint
        where confrelid = relation and contype = 'f'
            and conrelid not in (select logicalrelid from pg_dist_partition)
    ) then
        raise exception 'cannot truncate a table referenced by a local table';
    end if;
end $$;

grant all on pg_catalog.pg_dist_partition, pg_catalog.calls to public;
grant select on pg_catalog.schemas_on_workers to public;
