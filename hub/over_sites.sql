-- The marts that are made anew over all sites, from the marts of the hub.

-- The profiles over all of history and all sites. Each site adds its own up: the inner sum is made there.
create or replace view marts.production_profil as
select
    md5(jsonb_build_array(reference, couleur)::text)::uuid as id,
    reference,
    couleur,
    sum(barres)::integer as barres,
    round(sum(metres), 2) as metres,
    sum(pieces)::integer as pieces,
    round(sum(secondes_cycles) / nullif(sum(nombre_cycles), 0), 2)::numeric(14, 2) as temps_cycle_moyen_secondes,
    sum(nombre_sessions)::integer as nombre_sessions,
    min(premiere_utilisation) as premiere_utilisation,
    max(derniere_utilisation) as derniere_utilisation
from (
    select
        site,
        reference,
        couleur,
        sum(barres) as barres,
        sum(metres) as metres,
        sum(pieces) as pieces,
        sum(secondes_cycles) as secondes_cycles,
        sum(nombre_cycles) as nombre_cycles,
        count(*) as nombre_sessions,
        min(premiere_utilisation) as premiere_utilisation,
        max(derniere_utilisation) as derniere_utilisation
    from marts.production_profil_journaliere
    group by site, reference, couleur
) as profils
group by reference, couleur;

-- The pieces made of the planned orders. Those of a site without an ERP may be of any other site's orders. Each site counts its
-- pieces by centre and order: the inner sum is made there.
create or replace view marts.commandes_volets_avancement as
select
    commandes.id_commande,
    commandes.numero_commande,
    commandes.extension,
    commandes.affaire,
    commandes.statut,
    commandes.semaine_prevue,
    pieces.centre_usinage_id,
    pieces.centre,
    coalesce(pieces.pieces, 0)::integer as pieces,
    pieces.premiere_piece,
    pieces.derniere_piece,
    commandes.site
from marts.commandes_volets as commandes
left join (
    select
        pieces.site,
        sessions.centre_usinage_id,
        sessions.centre,
        pieces.numero_commande,
        count(*) as pieces,
        min(pieces.timestamp_production) as premiere_piece,
        max(pieces.timestamp_production) as derniere_piece
    from hub.piece_production_par_site as pieces
    inner join hub.session_production_par_site as sessions on pieces.site = sessions.site and pieces.session_id = sessions.id
    where pieces.numero_commande is not null and (hub.presents() is null or pieces.site = any(hub.presents()))
    group by pieces.site, sessions.centre_usinage_id, sessions.centre, pieces.numero_commande
) as pieces
    on commandes.numero_commande = pieces.numero_commande
    and (commandes.site = pieces.site or pieces.site != all(%(with_erp)s::text[]))
-- Where a site's labels tell no order, it is not known that nothing was made.
where
    pieces.pieces is not null
    or commandes.site in (
        select sites.site
        from hub.sites as sites
        where
            (hub.presents() is null or sites.site = any(hub.presents()))
            and (
                select true
                from hub.piece_production_par_site as etiquetees
                where etiquetees.site = sites.site and etiquetees.numero_commande is not null
                limit 1
            )
    );
