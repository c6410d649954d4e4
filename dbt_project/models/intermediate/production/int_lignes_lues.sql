-- What the lines of the files on the worklist say, with all the rules of reading. One row per line that is not blank.

-- `limit all` keeps PostgreSQL from merging a step with the next one: each value is computed once, and not again wherever it is
-- used. `regexp_substr` is used for whole matches, because capturing a part is several times slower; the rest of a match is cut off
-- afterwards.
{%- set blanc = '[ \\t\\v\\f\\r]' %}
{%- set nombre = '(?:(?:^|' ~ blanc ~ ')-)?[0-9]+(?:[.,][0-9]+)?' %}

{{ config(materialized='ephemeral') }}

with lignes as (

    select * from {{ ref('int_lignes_a_lire') }}

),

-- Nearly all lines have the exact form that machines write. `like` recognizes them without a slow regular expression.
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

-- The form `YYYYMMDD HH:MM:SS|@Event: details`, with blanks around any part. Whether the date exists is checked afterwards.
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

-- PostgreSQL reads more as a time than machines write (24:00:00, words). A time is valid if it is written back in the same way.
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

-- A wait's number is the one before `sec`, or else the first one. A minus directly before it belongs to it if it follows a blank.
-- A profile's value is what follows its key, up to the next blank; a colour goes on to the next key or the end.
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

-- A number in a line may have any number of digits: too many are cut off, or the number is refused, before it becomes a `numeric`.
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

-- A wait is longer than zero, a day at most, and ends before the year 10000. A length must fit its column.
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
