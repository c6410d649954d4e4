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
        case source when 'logs' then 'Les fichiers des machines ne sont plus lus' else 'L''ERP n''est plus lu' end as trouble,
        depuis,
        ' : les chiffres ne sont plus à jour' as consequence,
        round(secondes / 3600, 2) as valeur,
        {{ var('alertes_fraicheur_heures') }}::numeric as seuil
    from perimees
    where secondes > {{ var('alertes_fraicheur_heures') }} * 3600
    union all
    select
        'chargement_en_echec' as type,
        'critique' as gravite,
        source || '/' || premiere as cle,
        'Le chargement ' || de_quoi || ' échoue' as trouble,
        depuis,
        case when nb > 1 then ' (' || nb || ' fois de suite)' else '' end || ' : les chiffres ne sont plus à jour' as consequence,
        nb as valeur,
        0 as seuil
    from echecs
    union all
    select
        'chargement_en_echec' as type,
        'avertissement' as gravite,
        source || '/' || premiere as cle,
        'Le chargement ' || de_quoi || ' est incomplet' as trouble,
        depuis,
        ' : une partie n''a pas pu être lue' as consequence,
        nb_echecs as valeur,
        0 as seuil
    from partiels

),

datees as (

    select
        *,
        depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le
    from alertes

)

select
    type,
    gravite,
    cle,
    trouble || ' depuis le ' || {{ date_en_francais('survenue_le') }} || ' à ' || {{ heure_en_francais('survenue_le') }}
    || consequence || '. À signaler à l''informatique.' as message,
    valeur,
    seuil,
    survenue_le,
    true as en_cours
from datees
