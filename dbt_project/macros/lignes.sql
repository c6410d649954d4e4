{#-
  Whether a trimmed line has the form `YYYYMMDD HH:MM:SS|@Event: details`, with blanks around any part; whether its digits make a date is
  another question.
-#}
{% macro est_ligne(ligne) -%}
    {%- set blancs = '[ \\t\\v\\f\\r]' -%}
    {{ ligne }} ~ (
        '^[0-9]{8}{{ blancs }}+[0-9]{2}:[0-9]{2}:[0-9]{2}{{ blancs }}*[|]{{ blancs }}*@{{ blancs }}*[^: \t\v\f\r]'
    )
{%- endmacro %}


{#-
  The values in an event's details. A machine may write any digits: numbers are cut to what PostgreSQL can take, or refused,
  before they are read as numbers. `details` is a column's name. `regexp_substr` gives a whole match, which is several times
  faster than capturing a part of it: what is not wanted of a match is cut off afterwards.
-#}

{#- A number's text, decimals behind a point or a comma, as numeric; NULL where its whole part has more than `chiffres` digits. -#}
{% macro nombre(texte, chiffres) -%}
    case
        when length(ltrim(split_part(translate({{ texte }}, ',', '.'), '.', 1), '0')) <= {{ chiffres }}
            then (
                '0' || ltrim(split_part(translate({{ texte }}, ',', '.'), '.', 1), '0')
                || '.' || left(split_part(translate({{ texte }}, ',', '.'), '.', 2), 1000)
            )::numeric
    end
{%- endmacro %}


{#- A wait's seconds: the number before `sec`, else the first number; NULL unless above 0 and at most a day. -#}
{% macro secondes_attente(details) -%}
    {%- set motif = '(?:(?:^|[ \\t\\v\\f\\r])-)?[0-9]+(?:[.,][0-9]+)?' -%}
    (
        select secondes
        from (
            select ltrim(
                coalesce(
                    regexp_substr({{ details }}, '{{ motif }}(?=[ \t\v\f\r]*sec)', 1, 1, 'i'),
                    regexp_substr({{ details }}, '{{ motif }}')
                ),
                {{ blancs() }}
            ) as trouve
            limit all
        ) as nombres
        cross join lateral (select {{ nombre('trouve', 5) }} as secondes where not starts_with(trouve, '-') limit all) as lus
        where secondes > 0 and secondes <= 86400
    )
{%- endmacro %}


{#- What stands directly behind the first key `cle:`, up to the next blank; NULL where the key is missing. -#}
{% macro mot_du_profil(details, cle) -%}
    {%- set mot = "regexp_substr(" ~ details ~ ", '(?:^|[ \\t\\v\\f\\r])" ~ cle ~ ":[^ \\t\\v\\f\\r]*')" -%}
    substr({{ mot }}, strpos({{ mot }}, ':') + 1)
{%- endmacro %}


{#- A profile's reference: what stands behind the key `R:`; NULL where nothing does. -#}
{% macro reference_profil(details) -%}
    nullif({{ mot_du_profil(details, 'R') }}, '')
{%- endmacro %}


{#- A profile's length in mm, to hundredths: the unsigned number behind the key `L:`; NULL where it is none, or is too large. -#}
{% macro longueur_profil(details) -%}
    (
        select round(longueur, 2)
        from (select {{ mot_du_profil(details, 'L') }} as mot limit all) as mots
        cross join lateral (select case when mot ~ '^[0-9]+(?:[.,][0-9]+)?$' then {{ nombre('mot', 12) }} end as longueur limit all) as lus
        where round(longueur, 2) < 1000000000000
    )
{%- endmacro %}


{#- A profile's colour: all that follows the first key `C:`, up to the next key or the end, trimmed; NULL where nothing does. -#}
{% macro couleur_profil(details) -%}
    nullif(
        btrim(
            regexp_replace(
                regexp_replace(regexp_substr({{ details }}, '(?:^|[ \t\v\f\r])C:.*$'), '^[ \t\v\f\r]?C:', ''), '[ \t\v\f\r][A-Za-z]:.*$', ''
            ),
            {{ blancs() }}
        ),
        ''
    )
{%- endmacro %}
