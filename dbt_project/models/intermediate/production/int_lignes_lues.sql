-- What the lines of the files on the worklist say: all the rules of reading are here. One row per line that is not blank.

-- Each step ends with `limit all`, which keeps PostgreSQL from merging it with the next: each value is then worked out once, and
-- not for every mention of it. `regexp_substr` gives a whole match, several times faster than capturing a part of it: what is not
-- wanted of a match is cut off afterwards.
{%- set blanc = '[ \\t\\v\\f\\r]' %}
{%- set nombre = '(?:(?:^|' ~ blanc ~ ')-)?[0-9]+(?:[.,][0-9]+)?' %}

{{ config(materialized='ephemeral') }}

with lignes as (

    select * from {{ ref('int_lignes_a_lire') }}

),

-- Nearly all lines look as the machines write them, without a blank too many, and telling so takes no regular expression.
nettoyees as (

    select
        fichier_id,
        charge_le,
        numero_ligne,
        case when ligne like '________ __:__:__|@%' then ligne else btrim(ligne, {{ blancs() }}) end as ligne,
        strpos(ligne, e'\r') > 0 and strpos(btrim(ligne, {{ blancs() }}), e'\r') > 0 as est_coupee
    from lignes
    limit all

),

-- The form `YYYYMMDD HH:MM:SS|@Event: details`, blanks around any part; whether its digits make a date is the next question.
reconnues as (

    select
        fichier_id,
        charge_le,
        numero_ligne,
        ligne,
        est_coupee,
        case
            when est_coupee then null
            when ligne like '________ __:__:__|@%' then left(ligne, 17)
            when ligne ~ '^[0-9]{8}{{ blanc }}+[0-9]{2}:[0-9]{2}:[0-9]{2}{{ blanc }}*[|]{{ blanc }}*@'
                then left(ligne, 8) || ' ' || left(ltrim(substr(ligne, 9), {{ blancs() }}), 8)
        end as moment,
        case when ligne like '________ __:__:__|@%' then substr(ligne, 20) else substr(ligne, strpos(ligne, '@') + 1) end as contenu
    from nettoyees
    where ligne != ''
    limit all

),

datees as (

    select
        fichier_id,
        charge_le,
        numero_ligne,
        ligne,
        est_coupee,
        moment,
        contenu,
        case when pg_input_is_valid(moment, 'timestamp') then moment::timestamp end as instant
    from reconnues
    limit all

),

-- PostgreSQL takes more for a time than the machines write (24:00:00, words): a time is one that is written back just so.
horodatees as (

    select
        fichier_id,
        charge_le,
        numero_ligne,
        ligne,
        est_coupee,
        contenu,
        case when to_char(instant, 'YYYYMMDD HH24:MI:SS') = moment then instant end as heure,
        btrim(split_part(contenu, ':', 1), {{ blancs() }}) as nom
    from datees
    limit all

),

evenements as (

    select
        fichier_id,
        charge_le,
        numero_ligne,
        ligne,
        est_coupee,
        nom = '' as est_sans_nom,
        case when nom != '' then heure end as horodatage,
        case when heure is not null then nullif(nom, '') end as evenement,
        case
            when heure is not null and nom != ''
                then nullif(btrim(substr(contenu, nullif(strpos(contenu, ':'), 0) + 1), {{ blancs() }}), '')
        end as details
    from horodatees
    limit all

),

-- A wait's number: the one before `sec`, else the first one, with its minus, where one stands directly before it and after a blank.
-- A profile's words: what stands directly behind the first key, up to the next blank; of a colour, up to the next key or the end.
mots as (

    select
        *,
        case
            when evenement = 'MachineWait'
                then
                    ltrim(
                        translate(
                            coalesce(
                                regexp_substr(details, '{{ nombre }}(?={{ blanc }}*sec)', 1, 1, 'i'),
                                regexp_substr(details, '{{ nombre }}')
                            ), ',', '.'
                        ),
                        {{ blancs() }}
                    )
        end as mot_attente,
        case
            when evenement = 'JobProfiel'
                then ltrim(regexp_substr(details, '(?:^|{{ blanc }})R:[^ \t\v\f\r]*'), {{ blancs() }})
        end as mot_reference,
        case
            when evenement = 'JobProfiel'
                then translate(ltrim(regexp_substr(details, '(?:^|{{ blanc }})L:[^ \t\v\f\r]*'), {{ blancs() }}), ',', '.')
        end as mot_longueur,
        case
            when evenement = 'JobProfiel'
                then
                    regexp_replace(
                        ltrim(regexp_substr(details, '(?:^|{{ blanc }})C:.*$'), {{ blancs() }}), '{{ blanc }}[A-Za-z]:.*$', ''
                    )
        end as mot_couleur
    from evenements
    limit all

),

-- A machine may write any digits: numbers are cut to what PostgreSQL can take, or refused, before they are read as numbers.
nombres as (

    select
        *,
        case
            when mot_attente not like '-%' and length(ltrim(split_part(mot_attente, '.', 1), '0')) <= 5
                then left('0' || ltrim(mot_attente, '0'), 1000)::numeric
        end as secondes,
        case
            when mot_longueur ~ '^L:[0-9]+(?:[.][0-9]+)?$' and length(ltrim(split_part(substr(mot_longueur, 3), '.', 1), '0')) <= 12
                then left('0' || ltrim(substr(mot_longueur, 3), '0'), 1000)::numeric
        end as millimetres
    from mots
    limit all

),

-- A wait lasts more than nothing and at most a day, and ends within the calendar, whose last year is 9999; a length has to fit its
-- column.
mesures as (

    select
        *,
        case
            when
                secondes > 0 and secondes <= 86400
                and horodatage + round(least(secondes, 86400), 6) * interval '1 second' < timestamp '10000-01-01'
                then trim_scale(secondes)
        end as duree_secondes,
        nullif(substr(mot_reference, 3), '') as reference,
        case when millimetres < 999999999999.995 then round(millimetres, 2) end as longueur,
        nullif(btrim(substr(mot_couleur, 3), {{ blancs() }}), '') as couleur
    from nombres
    limit all

),

lues as (

    select
        fichier_id,
        charge_le,
        numero_ligne,
        btrim(ligne, {{ blancs() }}) as ligne,
        horodatage,
        evenement,
        details,
        duree_secondes,
        reference,
        longueur,
        couleur,
        case
            when est_coupee or est_sans_nom then 'format'
            when horodatage is null
                then
                    case
                        when ligne ~ '^[0-9]{8}{{ blanc }}+[0-9]{2}:[0-9]{2}:[0-9]{2}{{ blanc }}*[|]{{ blanc }}*@' then 'horodatage'
                        else 'format'
                    end
            when evenement = 'MachineWait' and duree_secondes is null then 'duree'
            when evenement = 'JobProfiel' and (reference is null or longueur is null) then 'profil'
        end as motif
    from mesures

)

select * from lues
