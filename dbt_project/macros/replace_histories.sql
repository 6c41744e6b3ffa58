{# The first and the last step of `make rebuild-history`. Rows are exchanged in one
   transaction, so that readers see the old history or the new one, and the relations
   keep their OID, grants and dependent views. The views of pending versions go with the
   rebuilt tables they look into; they are made again. #}
{% macro drop_rebuilt_histories() %}
    {%- do run_query(
        "drop table if exists intermediate.products_history,"
        ~ " intermediate.labels_history cascade; commit"
    ) %}
{% endmacro %}

{% macro publish_rebuilt_histories() %}
    {%- for history in ("products_history", "labels_history") %}
        {%- set rebuilt = api.Relation.create(
            target.database, "intermediate", history
        ) %}
        {%- set columns = get_quoted_csv(
            adapter.get_columns_in_relation(rebuilt) | map(attribute="name")
        ) %}
        {%- do run_query(
            "delete from marts." ~ history ~ ";"
            ~ " insert into marts." ~ history ~ " (" ~ columns ~ ")"
            ~ " select " ~ columns ~ " from " ~ rebuilt
        ) %}
    {%- endfor %}
    {%- do run_query("commit") %}
    {%- do drop_rebuilt_histories() %}
{% endmacro %}
