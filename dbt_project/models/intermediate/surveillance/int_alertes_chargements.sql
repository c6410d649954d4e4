-- The alerts of sources that have not been read for a long time, or whose last run failed. One row per alert.

with horloge as (

    select * from {{ ref('int_horloge') }}

),

executions as (

    select * from {{ ref('stg_chargements__executions') }}

),

sources as (

    select
        source,
        min(commencee_le) as premiere,
        max(execution_id) filter (where resultat != 'running') as derniere_finie,
        max(execution_id) filter (where resultat = 'ok') as derniere_entiere,
        max(finie_le) filter (where resultat in ('ok', 'partial')) as lue_le
    from executions
    group by source

),

agees as (

    select
        sources.source,
        sources.lue_le,
        coalesce(sources.lue_le, sources.premiere) as depuis,
        extract(epoch from horloge.maintenant - coalesce(sources.lue_le, sources.premiere)) / 3600 as heures
    from horloge
    cross join sources

),

-- The alert's key is the first failed run since the last good one: it stays the same alert, however many runs fail.
troubles as (

    select
        sources.source,
        derniere.erreur,
        derniere.nb_echecs,
        derniere.resultat,
        min(suivantes.execution_id) as premiere_en_echec,
        min(suivantes.commencee_le) as depuis,
        count(*) as nb_executions
    from sources
    inner join executions as derniere on sources.derniere_finie = derniere.execution_id and derniere.resultat != 'ok'
    inner join executions as suivantes
        on sources.source = suivantes.source
        and suivantes.execution_id > coalesce(sources.derniere_entiere, 0)
        and suivantes.resultat != 'running'
    group by sources.source, derniere.erreur, derniere.nb_echecs, derniere.resultat

),

alertes as (

    select
        'source_perimee' as type,
        'critique' as gravite,
        source || '/' || extract(epoch from depuis) as cle,
        'La source ' || source || ' n''a pas été lue depuis ' || {{ nombre_en_francais('heures') }} || ' heures (seuil : '
        || {{ nombre_en_francais(var('alertes_fraicheur_heures')) }} || ' h)'
        || case when lue_le is null then ' : aucun chargement n''a jamais abouti.' else '.' end as message,
        round(heures, 2) as valeur,
        {{ var('alertes_fraicheur_heures') }}::numeric as seuil,
        depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le
    from agees
    where heures > {{ var('alertes_fraicheur_heures') }}
    union all
    select
        'chargement_en_echec' as type,
        'avertissement' as gravite,
        source || '/' || premiere_en_echec as cle,
        'Le chargement de la source ' || source || ' n''a pas abouti en entier (' || resultat || '), ' || nb_executions
        || ' fois de suite. Dernière erreur : '
        || coalesce(left(split_part(erreur, e'\n', 1), 200), 'exécution interrompue') as message,
        nb_executions::numeric as valeur,
        0 as seuil,
        depuis at time zone '{{ var("fuseau_horaire") }}' as survenue_le
    from troubles

)

select * from alertes
