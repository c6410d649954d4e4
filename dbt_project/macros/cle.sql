{#-
  A key worked out from a row's natural key: the same values give the same key after any rebuild, in any session. JSON keeps
  NULL apart from the empty text and writes dates in one way only.
-#}
{% macro cle(colonnes) -%}
    md5(jsonb_build_array({{ colonnes | join(', ') }})::text)::uuid
{%- endmacro %}


{#- The key of what stands at a rank in a session. Written plainly, because pieces are counted in millions. -#}
{% macro cle_rang(session_id, rang) -%}
    md5({{ session_id }}::text || ' ' || {{ rang }}::text)::uuid
{%- endmacro %}
