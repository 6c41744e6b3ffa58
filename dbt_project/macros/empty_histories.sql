{# First step of `make rebuild-history`; raw holds every version, so nothing is lost. #}
{% macro empty_histories() %}
    {% for history in ("products_history", "labels_history") %}
        {% do run_query("delete from marts." ~ history) %}
    {% endfor %}
    {% do adapter.commit() %}
{% endmacro %}
