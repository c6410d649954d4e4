-- A week's figures are the sums of those of its days, apart from rounding. One row per centre and week, with the rules it breaks.

{{ config(tags=['audit']) }}

with semaines as (

    select * from {{ ref('production_hebdomadaire') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

journees as (

    select
        centre_usinage_id,
        date_production - (extract(isodow from date_production)::integer - 1) as date_debut,
        count(*) as nb_journees,
        count(*) filter (where pieces > 0) as jours_avec_pieces,
        sum(pieces) as pieces,
        sum(nombre_arrets) as nombre_arrets,
        max(plus_long_arret) as plus_long_arret,
        sum(nombre_attentes) as nombre_attentes,
        max(plus_longue_attente) as plus_longue_attente,
        sum(metres_profil) as metres_profil,
        sum(duree_production_totale) as duree_production_totale,
        sum(temps_attente_net) as temps_attente_net,
        sum(temps_arret_net) as temps_arret_net,
        sum(temps_prevu) as temps_prevu,
        sum(temps_production_en_horaire) as temps_production_en_horaire,
        min(temps_cycle_median_secondes) as plus_petit_cycle,
        max(temps_cycle_median_secondes) as plus_grand_cycle
    from {{ ref('production_journaliere') }}
    group by 1, 2

),

verifiees as (

    select
        centres.dossier,
        coalesce(semaines.date_debut, journees.date_debut) as date_debut,
        concat_ws(
            ' ; ',
            case when semaines.id is null or journees.nb_journees is null then 'une semaine pour ses journées' end,
            case
                when (
                    semaines.jours_avec_pieces, semaines.pieces, semaines.nombre_arrets, semaines.plus_long_arret,
                    semaines.nombre_attentes, semaines.plus_longue_attente
                ) is distinct from (
                    journees.jours_avec_pieces, journees.pieces, journees.nombre_arrets, journees.plus_long_arret,
                    journees.nombre_attentes, journees.plus_longue_attente
                ) then 'comptes et maximums des journées'
            end,
            -- The tolerance: half a hundredth for each day and for the week, and half a ten-thousandth.
            case
                when abs(semaines.metres_profil - journees.metres_profil) > 0.005 * (journees.nb_journees + 1)
                    then 'somme des mètres'
            end,
            case
                when greatest(
                    abs(semaines.duree_production_totale - journees.duree_production_totale),
                    abs(semaines.temps_attente_net - journees.temps_attente_net),
                    abs(semaines.temps_arret_net - journees.temps_arret_net)
                ) > 0.00005 * (journees.nb_journees + 1) then 'somme des temps nets'
            end,
            case
                when
                    semaines.temps_production_net + semaines.temps_attente_net + semaines.temps_arret_net
                    is distinct from semaines.duree_production_totale then 'somme des temps nets = durée totale'
            end,
            case
                when semaines.taux_occupation_net + semaines.taux_attente_net + semaines.taux_arret_net != 100
                    then 'somme des taux nets = 100'
            end,
            case
                when semaines.temps_cycle_median_secondes not between journees.plus_petit_cycle and journees.plus_grand_cycle
                    then 'temps de cycle entre ceux des journées'
            end,
            case
                when
                    (semaines.annee_iso, semaines.semaine_iso)
                    is distinct from (extract(isoyear from journees.date_debut), extract(week from journees.date_debut))
                    then 'semaine ISO'
            end,
            case when (semaines.ecart_habituel is not null) != (semaines.comparables is not null) then 'comparaison' end,
            case when semaines.jours_ouverts not between 0 and 7 then 'sept jours ouverts au plus' end,
            -- A day without a session counts in its week only.
            case
                when semaines.temps_prevu < journees.temps_prevu - 0.00005 * (journees.nb_journees + 1)
                    then 'temps prévu des journées'
            end,
            case
                when
                    abs(semaines.temps_production_en_horaire - journees.temps_production_en_horaire)
                    > 0.00005 * (journees.nb_journees + 1)
                    then 'somme de la production en horaire'
            end
        ) as regles_enfreintes
    from semaines
    full join journees
        on semaines.centre_usinage_id = journees.centre_usinage_id and semaines.date_debut = journees.date_debut
    inner join centres on coalesce(semaines.centre_usinage_id, journees.centre_usinage_id) = centres.id

)

select * from verifiees
where regles_enfreintes != ''
