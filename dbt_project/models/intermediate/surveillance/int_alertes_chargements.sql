-- The alerts of loads: a source that nothing reads any more, and one whose last runs failed, wholly or in part. One row per alert.

with horloge as (

    select * from {{ ref('int_horloge') }}

),

executions as (

    select
        *,
        case source when 'logs' then 'des fichiers des machines' else 'de l''ERP' end as de_quoi,
        resultat in ('ok', 'partial') as est_lue
    from {{ ref('stg_chargements__executions') }}

),

sources as (

    select
        source,
        de_quoi,
        min(commencee_le) as premiere,
        max(execution_id) filter (where resultat != 'running') as derniere_finie,
        max(execution_id) filter (where resultat = 'ok') as derniere_entiere,
        max(execution_id) filter (where est_lue) as derniere_lue,
        max(finie_le) filter (where est_lue) as lue_le
    from executions
    group by source, de_quoi

),

-- Where runs fail, that is the trouble.
perimees as (

    select
        sources.*,
        coalesce(sources.lue_le, sources.premiere) as depuis,
        extract(epoch from horloge.maintenant - coalesce(sources.lue_le, sources.premiere)) as secondes
    from horloge
    cross join sources
    where sources.derniere_finie is not distinct from sources.derniere_lue

),

-- The first failed run since the last good one is the key: it stays the same alert, however many runs fail.
echecs as (

    select
        sources.source,
        sources.de_quoi,
        min(executions.execution_id) as premiere,
        min(executions.commencee_le) as depuis,
        count(*) as nb
    from sources
    inner join executions
        on sources.source = executions.source
        and executions.execution_id > coalesce(sources.derniere_lue, 0)
        and executions.resultat != 'running'
    group by sources.source, sources.de_quoi

),

-- If nothing can be loaded meanwhile, that is another trouble, and this one is not over.
partiels as (

    select
        sources.source,
        sources.de_quoi,
        derniere.nb_echecs,
        min(executions.execution_id) as premiere,
        min(executions.commencee_le) as depuis
    from sources
    inner join executions as derniere on sources.derniere_lue = derniere.execution_id
    inner join executions
        on sources.source = executions.source
        and executions.execution_id > coalesce(sources.derniere_entiere, 0)
        and executions.resultat = 'partial'
    group by sources.source, sources.de_quoi, derniere.nb_echecs

),

alertes as (

    select
        'source_perimee' as type,
        'critique' as gravite,
        source || '/' || extract(epoch from depuis) as cle,
        case source when 'logs' then 'Les fichiers des machines ne sont plus lus' else 'L''ERP n''est plus lu' end || ' depuis le '
        || {{ date_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }} || ' à '
        || {{ heure_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }}
        || ' : les chiffres ne sont plus à jour. À signaler à l''informatique.' as message,
        round(secondes / 3600, 2) as valeur,
        {{ var('alertes_fraicheur_heures') }}::numeric as seuil,
        depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le,
        true as en_cours
    from perimees
    where secondes > {{ var('alertes_fraicheur_heures') }} * 3600
    union all
    select
        'chargement_en_echec' as type,
        'critique' as gravite,
        source || '/' || premiere as cle,
        'Le chargement ' || de_quoi || ' échoue depuis le '
        || {{ date_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }} || ' à '
        || {{ heure_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }}
        || case when nb > 1 then ' (' || nb || ' fois de suite)' else '' end
        || ' : les chiffres ne sont plus à jour. À signaler à l''informatique.' as message,
        nb as valeur,
        0 as seuil,
        depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le,
        true as en_cours
    from echecs
    union all
    select
        'chargement_en_echec' as type,
        'avertissement' as gravite,
        source || '/' || premiere as cle,
        'Le chargement ' || de_quoi || ' est incomplet depuis le '
        || {{ date_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }} || ' à '
        || {{ heure_en_francais("depuis at time zone '" ~ var("fuseau_horaire") ~ "'") }}
        || ' : une partie n''a pas pu être lue. À signaler à l''informatique.' as message,
        nb_echecs as valeur,
        0 as seuil,
        depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le,
        true as en_cours
    from partiels

)

select * from alertes
