{#-
  A key worked out from a row's natural key: the same values give the same key after any rebuild, in any session. JSON keeps
  NULL apart from the empty text and writes dates in one way only.
-#}
{% macro cle(colonnes) -%}
    md5(jsonb_build_array({{ colonnes | join(', ') }})::text)::uuid
{%- endmacro %}

{#-
  The key of what stands at a rank in a session: the session's own, with the rank in the place of its last eight digits. Pieces are
  counted in millions: keys that follow their order keep the index small and quick to build, as a hash of both would not.
-#}
{% macro cle_rang(session_id, rang) -%}
    (left({{ session_id }}::text, 28) || lpad(to_hex({{ rang }}), 8, '0'))::uuid
{%- endmacro %}
