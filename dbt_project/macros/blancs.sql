{#- The blanks around the parts of a log line. A non-breaking space is not one of them. -#}
{% macro blancs() -%} e' \t\x0b\x0c\r' {%- endmacro %}
