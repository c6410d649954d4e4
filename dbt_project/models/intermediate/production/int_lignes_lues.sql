-- What a line of a log file says: its time, its event, the event's values, or why it is rejected. One row per line that is not
-- blank.
-- What several columns are made from is a lateral subquery behind `limit all`, so that PostgreSQL works it out once, and not for
-- every mention, and yet reads only the lines that are asked for.

with lignes as (

    select * from {{ ref('stg_logs__lines') }}

),

evenements as (

    select
        lignes.version_fichier,
        lignes.numero_ligne,
        textes.ligne,
        formes.est_ligne,
        instants.horodatage,
        corps.evenement,
        corps.details
    from lignes
    inner join lateral (
        select btrim(lignes.ligne, {{ blancs() }}) as ligne
        limit all
    ) as textes on true
    inner join lateral (
        select
            {{ est_ligne('textes.ligne') }} as est_ligne,
            left(textes.ligne, 8) as jour,
            left(ltrim(substr(textes.ligne, 9), {{ blancs() }}), 8) as heure
        limit all
    ) as formes on true
    inner join lateral (
        select
            case
                when
                    formes.est_ligne
                    and left(formes.heure, 2) < '24'
                    and substr(formes.heure, 4, 2) < '60'
                    and right(formes.heure, 2) < '60'
                    and pg_input_is_valid(formes.jour, 'date')
                    then (formes.jour || ' ' || formes.heure)::timestamp
            end as horodatage,
            substr(textes.ligne, strpos(textes.ligne, '@') + 1) as contenu
        limit all
    ) as instants on true
    inner join lateral (
        select
            case
                when instants.horodatage is not null
                    then btrim(split_part(instants.contenu, ':', 1), {{ blancs() }})
            end as evenement,
            case
                when instants.horodatage is not null
                    then nullif(btrim(substr(instants.contenu, nullif(strpos(instants.contenu, ':'), 0) + 1), {{ blancs() }}), '')
            end as details
        limit all
    ) as corps on true
    where textes.ligne != ''

),

mesures as (

    select
        *,
        case when evenement = 'MachineWait' then {{ secondes_attente('details') }} end as duree_secondes,
        case when evenement = 'JobProfiel' then {{ reference_profil('details') }} end as reference,
        case when evenement = 'JobProfiel' then {{ longueur_profil('details') }} end as longueur,
        case when evenement = 'JobProfiel' then {{ couleur_profil('details') }} end as couleur
    from evenements

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
    from mesures

)

select * from jugees
