-- The versions of an order follow one another, and the current one is the row of `commandes_volets`. One row per order, with the
-- rules it breaks.

{{ config(tags=['audit']) }}

with historique as (

    select
        *,
        lead(valide_du) over (partition by id_commande order by valide_du) as suivante_du
    from {{ ref('commandes_volets_historique') }}

),

commandes as (

    select * from {{ ref('commandes_volets') }}

),

versions as (

    select
        id_commande,
        bool_or(valide_au <= valide_du) as vide,
        bool_or(suivante_du < valide_au or (suivante_du is not null and valide_au is null)) as recouverte
    from historique
    group by id_commande

),

actuelles as (

    select * from historique
    where est_actuelle

),

verifiees as (

    select
        coalesce(versions.id_commande, commandes.id_commande) as id_commande,
        concat_ws(
            ' ; ',
            case when versions.vide then 'une version dure quelque temps' end,
            case when versions.recouverte then 'une version finit avant la suivante' end,
            case
                when
                    to_jsonb(commandes) - array['semaine_prevue', 'date_synchronisation'] is distinct from
                    to_jsonb(actuelles)
                    - array['id', 'date_synchronisation', 'valide_du', 'valide_au', 'est_actuelle', 'suivante_du']
                    then 'la version actuelle est la commande'
            end
        ) as regles_enfreintes
    from versions
    full join commandes on versions.id_commande = commandes.id_commande
    left join actuelles on coalesce(versions.id_commande, commandes.id_commande) = actuelles.id_commande

)

select * from verifiees
where regles_enfreintes != ''
