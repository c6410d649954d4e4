-- The alerts that builds fail, or only their checks. One row per alert: none, one or both.

with constructions as (

    select
        *,
        case
            when resultat = 'ok' then 'ok'
            -- The tables are up to date, but something in them is wrong.
            when resultat = 'partiel' and nb_modeles_en_echec = 0 and nb_verifications_en_echec > 0 then 'verifications'
            else 'echec'
        end as etat
    from {{ ref('stg_historique__constructions') }}
    -- A build by hand of some models says nothing about the tables: it neither begins nor ends the trouble.
    where finie_le is not null and commande = 'build' and coalesce(est_entiere, true)

),

dernieres as (

    select
        max(commencee_le) filter (where etat = 'ok') as derniere_bonne,
        max(commencee_le) filter (where etat != 'echec') as derniere_construite
    from constructions

),

-- The first one since the last good one is the key: it stays the same alert, however many builds fail.
troubles as (

    select
        'critique' as gravite,
        'La mise à jour des chiffres échoue depuis le ' as debut_message,
        min(constructions.commencee_le) as depuis,
        count(*) as nb,
        null as detail
    from constructions
    inner join dernieres on constructions.commencee_le > coalesce(dernieres.derniere_construite, '-infinity')
    having count(*) > 0
    union all
    select
        'avertissement' as gravite,
        'Une vérification des données échoue depuis le ' as debut_message,
        min(constructions.commencee_le) as depuis,
        count(*) as nb,
        -- A wrong line of the declared working time is named, in French; other errors are machinery's.
        (array_agg(
            rtrim(split_part(substring(constructions.erreur from '[a-z_]+[.]csv, ligne .*'), e'\n', 1), '.')
            order by constructions.commencee_le desc
        ))[1] as detail
    from constructions
    inner join dernieres on constructions.commencee_le > coalesce(dernieres.derniere_bonne, '-infinity')
    where constructions.etat = 'verifications'
    having count(*) > 0

)

select
    'construction_en_echec' as type,
    gravite,
    gravite || '/' || extract(epoch from depuis) as cle,
    debut_message || {{ date_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }} || ' à '
    || {{ heure_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }}
    || case when nb > 1 then ' (' || nb || ' fois de suite)' else '' end
    || ' : ' || coalesce(detail, 'à signaler à l''informatique') || '.' as message,
    nb as valeur,
    0 as seuil,
    depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le,
    true as en_cours
from troubles
