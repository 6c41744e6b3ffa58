{# First step of `make rebuild-history`; raw holds every version, so nothing is lost. #}
{% macro empty_histories() %}
    {% do run_query(
        "delete from marts.products_history; delete from marts.labels_history; commit"
    ) %}
{% endmacro %}
