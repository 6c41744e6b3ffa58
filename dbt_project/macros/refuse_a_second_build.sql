{# Two builds at once would both append the same week. The lock belongs to the connection
   dbt keeps for hooks, so it ends with the run, however that ends. #}
{% macro refuse_a_second_build() %}
    {%- if execute and flags.WHICH in ("build", "run", "snapshot", "seed") -%}
        {%- set taken = run_query("select pg_try_advisory_lock(7274966) as taken") -%}
        {%- if not taken.columns[0].values()[0] -%}
            {{ exceptions.raise_compiler_error(
                "another dbt build is at work in this database: wait until it is done"
            ) }}
        {%- endif -%}
    {%- endif -%}
    select 1
{% endmacro %}
