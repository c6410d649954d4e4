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


{#- Whether a line looks as the machines write it, without a blank too many. Nearly all do, and telling so takes no regular expression. -#}
{% macro est_usuelle(ligne) -%}
    {{ ligne }} like '________ __:__:__|@%'
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


{#- A wait's number: the one before `sec`, else the first one; with its minus, where one stands directly before it and after a blank. -#}
{% macro nombre_attente(details) -%}
    {%- set motif = '(?:(?:^|[ \\t\\v\\f\\r])-)?[0-9]+(?:[.,][0-9]+)?' -%}
    ltrim(
        coalesce(
            regexp_substr({{ details }}, '{{ motif }}(?=[ \t\v\f\r]*sec)', 1, 1, 'i'),
            regexp_substr({{ details }}, '{{ motif }}')
        ),
        {{ blancs() }}
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


{#-
  The steps that read lines: CTEs, to stand in a `with` behind the one that gives the lines, of which the last is `lues`: what a line says,
  its time, its event, the event's values, or why it is rejected. Blank lines are left out.

  `lignes` is the CTE that gives them, with the columns `cles` and `ligne`. Each step ends with `limit all`, which keeps PostgreSQL from
  merging it with the next: each value is then worked out once, and not for every mention of it, by as many processes as there are.
-#}
{% macro etapes_de_lecture(lignes, cles) -%}
    {%- set cles = cles | join(', ') -%}
    nettoyees as (

        select
            {{ cles }},
            case when {{ est_usuelle('ligne') }} then ligne else btrim(ligne, {{ blancs() }}) end as ligne
        from {{ lignes }}
        limit all

    ),

    reconnues as (

        select
            {{ cles }},
            ligne,
            case
                when {{ est_usuelle('ligne') }} then left(ligne, 17)
                when {{ est_ligne('ligne') }} then left(ligne, 8) || ' ' || left(ltrim(substr(ligne, 9), {{ blancs() }}), 8)
            end as moment,
            case when {{ est_usuelle('ligne') }} then substr(ligne, 20) else substr(ligne, strpos(ligne, '@') + 1) end as contenu
        from nettoyees
        where ligne != ''
        limit all

    ),

    datees as (

        select
            {{ cles }},
            ligne,
            moment,
            case when pg_input_is_valid(moment, 'timestamp') then moment::timestamp end as instant,
            contenu
        from reconnues
        limit all

    ),

    -- PostgreSQL takes more for a time than the machines write (24:00:00, words): a time is one that is written back just so.
    horodatees as (

        select
            {{ cles }},
            ligne,
            case when to_char(instant, 'YYYYMMDD HH24:MI:SS') = moment then instant end as horodatage,
            btrim(split_part(contenu, ':', 1), {{ blancs() }}) as evenement,
            contenu
        from datees
        limit all

    ),

    evenements as (

        select
            {{ cles }},
            ligne,
            case when evenement != '' then horodatage end as horodatage,
            case when horodatage is not null then nullif(evenement, '') end as evenement,
            case
                when horodatage is not null and evenement != ''
                    then nullif(btrim(substr(contenu, nullif(strpos(contenu, ':'), 0) + 1), {{ blancs() }}), '')
            end as details
        from horodatees
        limit all

    ),

    mots as (

        select
            *,
            case when evenement = 'MachineWait' then {{ nombre_attente('details') }} end as attente,
            case when evenement = 'JobProfiel' then {{ mot_du_profil('details', 'L') }} end as mot_longueur,
            case when evenement = 'JobProfiel' then {{ reference_profil('details') }} end as reference,
            case when evenement = 'JobProfiel' then {{ couleur_profil('details') }} end as couleur
        from evenements
        limit all

    ),

    nombres as (

        select
            *,
            case when attente not like '-%' then {{ nombre('attente', 5) }} end as secondes,
            case when mot_longueur ~ '^[0-9]+(?:[.,][0-9]+)?$' then {{ nombre('mot_longueur', 12) }} end as millimetres
        from mots
        limit all

    ),

    -- A wait lasts more than nothing and at most a day; a length has to fit its column. Neither a wait nor a production day leaves
    -- the calendar, which ends with the year 9999 and begins with the year 1 for whoever reads the marts.
    mesures as (

        select
            {{ cles }},
            ligne,
            horodatage,
            case
                when horodatage is not null
                    then greatest((horodatage - interval '{{ var("debut_journee") }}')::date, date '0001-01-01')
            end as date_production,
            evenement,
            details,
            reference,
            couleur,
            case
                when
                    secondes > 0 and secondes <= 86400
                    and horodatage + round(least(secondes, 86400), 6) * interval '1 second' < timestamp '10000-01-01'
                    then secondes
            end as duree_secondes,
            case when millimetres < 999999999999.995 then round(millimetres, 2) end as longueur
        from nombres
        limit all

    ),

    lues as (

        select
            *,
            case
                when horodatage is null then case when {{ est_ligne('ligne') }} then 'horodatage' else 'format' end
                when evenement = 'MachineWait' and duree_secondes is null then 'duree'
                when evenement = 'JobProfiel' and (reference is null or longueur is null) then 'profil'
            end as motif
        from mesures

    )
{%- endmacro %}
