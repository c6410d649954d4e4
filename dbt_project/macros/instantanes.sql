{#-
  The time of a snapshot, as an instant: dbt's own is the wall-clock time of whatever time zone the session is in, without saying in which.
-#}
{% macro postgres__snapshot_get_time() -%}
    {{ current_timestamp() }}
{%- endmacro %}
