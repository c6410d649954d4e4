{#-
  A key worked out from a row's natural key: the same values give the same key after any rebuild, in any session. JSON keeps
  NULL apart from the empty text and writes dates in one way only.
-#}
{% macro cle(colonnes) -%}
    md5(jsonb_build_array({{ colonnes | join(', ') }})::text)::uuid
{%- endmacro %}
