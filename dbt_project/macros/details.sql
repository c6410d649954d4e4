{#-
  The values in an event's details. A machine may write any digits: numbers are cut to what PostgreSQL can take, or refused,
  before they are read as numbers. `details` is a column's name.
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
    {%- set motif = '((^|[ \\t\\v\\f\\r])-)?([0-9]+([.,][0-9]+)?)' -%}
    (
        select secondes
        from (
            select coalesce(
                regexp_match({{ details }}, '{{ motif }}[ \t\v\f\r]*sec', 'i'), regexp_match({{ details }}, '{{ motif }}')
            ) as trouve
            offset 0
        ) as nombres
        cross join lateral (select {{ nombre('trouve[3]', 5) }} as secondes offset 0) as lus
        where trouve[1] is null and secondes > 0 and secondes <= 86400
    )
{%- endmacro %}


{#- A profile's reference: what stands between the first key `R:` and the next blank; NULL where nothing does. -#}
{% macro reference_profil(details) -%}
    nullif((regexp_match({{ details }}, '(?:^|[ \t\v\f\r])R:([^ \t\v\f\r]*)'))[1], '')
{%- endmacro %}


{#- A profile's length in mm, to hundredths: the unsigned number behind the first key `L:`; NULL where it is none, or is too large. -#}
{% macro longueur_profil(details) -%}
    (
        select round(longueur, 2)
        from (select (regexp_match({{ details }}, '(?:^|[ \t\v\f\r])L:([^ \t\v\f\r]*)'))[1] as mot offset 0) as mots
        cross join lateral (select case when mot ~ '^[0-9]+([.,][0-9]+)?$' then {{ nombre('mot', 12) }} end as longueur offset 0) as lus
        where round(longueur, 2) < 1000000000000
    )
{%- endmacro %}


{#- A profile's colour: all that follows the first key `C:`, up to the next key or the end, trimmed; NULL where nothing does. -#}
{% macro couleur_profil(details) -%}
    nullif(
        btrim(
            regexp_replace(
                (regexp_match({{ details }}, '(?:^|[ \t\v\f\r])C:(.*)$'))[1], '[ \t\v\f\r][A-Za-z]:.*$', ''
            ),
            {{ blancs() }}
        ),
        ''
    )
{%- endmacro %}
