{#- The text of a MySQL DATETIME as a timestamp; NULL for a date that is zero, partly zero or invalid. Never an error. -#}
{% macro horodatage_mysql(texte) -%}
    case
        when {{ texte }} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?)?$'
            and pg_input_is_valid({{ texte }}, 'timestamp') then {{ texte }}::timestamp end {%- endmacro %}
