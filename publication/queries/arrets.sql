-- The ten longest stops of each centre.

with arrets as (

    select
        centres.nom as centre,
        periodes.timestamp_debut,
        periodes.timestamp_fin,
        periodes.duree_secondes,
        row_number() over (partition by centres.id order by periodes.duree_secondes desc, periodes.timestamp_debut asc) as rang
    from marts.periode_arret as periodes
    inner join marts.session_production as sessions on periodes.session_id = sessions.id
    inner join marts.centre_usinage as centres on sessions.centre_usinage_id = centres.id
    where sessions.date_production between %(premier_jour)s and %(dernier_jour)s

)

select
    centre,
    rang,
    timestamp_debut,
    timestamp_fin,
    round(duree_secondes / 60, 1) as minutes
from arrets
where rang <= 10
order by centre, rang
