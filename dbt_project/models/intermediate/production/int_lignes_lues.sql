-- What a line of a log file says: its time, its event, the event's values, or why it is rejected. One row per line that is not blank.
-- Each step is a lateral subquery behind `offset 0`, so that PostgreSQL works it out once and not for every mention, and still
-- reads only the lines that are asked for.

with lignes as (

    select * from {{ ref('stg_logs__lines') }}

),

lues as (

    select
        lignes.version_fichier,
        lignes.numero_ligne,
        textes.ligne,
        parties.est_ligne,
        instants.horodatage,
        evenements.evenement,
        evenements.details,
        valeurs.duree_secondes,
        valeurs.reference,
        valeurs.longueur,
        valeurs.couleur
    from lignes
    cross join lateral (
        select btrim(lignes.ligne, {{ blancs() }}) as ligne
        offset 0
    ) as textes
    cross join lateral (
        select
            textes.ligne ~ '^[0-9]{8}[ \t\v\f\r]+[0-9]{2}:[0-9]{2}:[0-9]{2}[ \t\v\f\r]*[|][ \t\v\f\r]*@[ \t\v\f\r]*[^: \t\v\f\r]' as est_ligne,
            left(textes.ligne, 8) as jour,
            left(ltrim(substr(textes.ligne, 9), {{ blancs() }}), 8) as heure,
            substr(textes.ligne, strpos(textes.ligne, '@') + 1) as contenu
        offset 0
    ) as parties
    cross join lateral (
        select
            case
                when
                    parties.est_ligne
                    and left(parties.heure, 2) < '24' and substr(parties.heure, 4, 2) < '60' and right(parties.heure, 2) < '60'
                    and pg_input_is_valid(parties.jour, 'date')
                    then (parties.jour || ' ' || parties.heure)::timestamp
            end as horodatage
        offset 0
    ) as instants
    left join lateral (
        select
            btrim(split_part(parties.contenu, ':', 1), {{ blancs() }}) as evenement,
            nullif(btrim(substr(parties.contenu, nullif(strpos(parties.contenu, ':'), 0) + 1), {{ blancs() }}), '') as details
        where instants.horodatage is not null
        offset 0
    ) as evenements on true
    cross join lateral (
        select
            case when evenements.evenement = 'MachineWait' then {{ secondes_attente('evenements.details') }} end as duree_secondes,
            case when evenements.evenement = 'JobProfiel' then {{ reference_profil('evenements.details') }} end as reference,
            case when evenements.evenement = 'JobProfiel' then {{ longueur_profil('evenements.details') }} end as longueur,
            case when evenements.evenement = 'JobProfiel' then {{ couleur_profil('evenements.details') }} end as couleur
        offset 0
    ) as valeurs
    where textes.ligne != ''

),

jugees as (

    select
        version_fichier,
        numero_ligne,
        ligne,
        horodatage,
        (horodatage - interval '{{ var("debut_journee") }}')::date as date_production,
        evenement,
        details,
        duree_secondes,
        reference,
        longueur,
        couleur,
        case
            when not est_ligne then 'format'
            when horodatage is null then 'horodatage'
            when evenement = 'MachineWait' and duree_secondes is null then 'duree'
            when evenement = 'JobProfiel' and (reference is null or longueur is null) then 'profil'
        end as motif
    from lues

)

select * from jugees
