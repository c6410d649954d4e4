-- The ten profiles with the most pieces, of each day, week and period.

with sommes as (

    select
        profils.centre,
        choix.choix,
        left(profils.reference, 100) as reference,
        left(profils.couleur, 100) as couleur,
        sum(profils.pieces) as pieces,
        sum(profils.barres) as barres,
        round(sum(profils.metres), 0) as metres
    from marts.production_profil_journaliere as profils
    inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
        on profils.date_production between choix.du and choix.au
    where profils.date_production between %(premier_jour)s and %(dernier_jour)s
    group by profils.centre, choix.choix, left(profils.reference, 100), left(profils.couleur, 100)

),

ranges as (

    select
        *,
        row_number() over (partition by centre, choix order by pieces desc, reference asc, couleur asc) as rang
    from sommes

)

select
    centre,
    choix,
    reference,
    couleur,
    pieces,
    barres,
    metres
from ranges
where rang <= 10
order by centre, choix, rang
