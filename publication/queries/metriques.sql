-- The metrics of the warehouse. One row per metric and label. Times are seconds since 1970: a file of ages would be wrong as soon
-- as it is written.

with travaux as (

    select *
    from (values ('logs', 'chargement', 'logs'), ('erp', 'chargement', 'erp'), ('build', 'construction', null)) as travaux (
        travail, type, source
    )

),

dernieres as (

    select
        travaux.travail,
        derniere.*
    from travaux
    cross join lateral (
        select
            executions.duree_secondes,
            executions.nb_lignes,
            coalesce(executions.nb_echecs, case when executions.resultat = 'ok' then 0 else 1 end) as nb_echecs
        from marts.suivi_execution as executions
        where
            executions.type = travaux.type
            and executions.source is not distinct from travaux.source
            and executions.resultat != 'en cours'
        order by executions.debut desc
        limit 1
    ) as derniere

),

reussies as (

    select
        travaux.travail,
        reussie.fin
    from travaux
    cross join lateral (
        select executions.fin
        from marts.suivi_execution as executions
        where
            executions.type = travaux.type
            and executions.source is not distinct from travaux.source
            and executions.resultat = 'ok'
        order by executions.debut desc
        limit 1
    ) as reussie

),

gravites as (

    select
        gravites.gravite,
        count(alertes.id) as nombre
    from (values ('critique'), ('avertissement')) as gravites (gravite)
    left join marts.alertes as alertes on gravites.gravite = alertes.gravite and alertes.en_cours
    group by gravites.gravite

)

select
    'usine_newest_data_timestamp_seconds' as metric,
    'When the newest log file of a centre was last written, by the FTP server' as help,
    'centre' as label_name,
    centres.nom as label_value,
    extract(epoch from max(fichiers.modifie_le))::double precision as sample_value
from marts.centre_usinage as centres
inner join marts.suivi_chargement as fichiers
    on centres.site = fichiers.site
    and normalize(fichiers.dossier, nfc) = normalize(centres.dossier, nfc)
where centres.actif
group by centres.nom
union all
select
    'usine_last_success_timestamp_seconds' as metric,
    'When a source was last read, or the models last built, without any failure' as help,
    'work' as label_name,
    travail as label_value,
    extract(epoch from fin)::double precision as sample_value
from reussies
union all
select
    mesures.metric,
    mesures.help,
    'work' as label_name,
    dernieres.travail as label_value,
    mesures.sample_value
from dernieres
cross join
    lateral (
        values
        ('usine_last_run_duration_seconds', 'How long the last load or build took', dernieres.duree_secondes::double precision),
        ('usine_last_run_rows', 'How many rows the last load or build wrote', dernieres.nb_lignes::double precision),
        (
            'usine_last_run_failures',
            'How many files or tables the last load could not read, models and checks of the last build failed; 1 if not counted',
            dernieres.nb_echecs::double precision
        )
    ) as mesures (metric, help, sample_value)
union all
select
    'usine_alerts' as metric,
    'How many alerts last now' as help,
    'severity' as label_name,
    case gravite when 'critique' then 'critical' else 'warning' end as label_value,
    nombre::double precision as sample_value
from gravites
union all
select
    'usine_warehouse_size_bytes' as metric,
    'The size of the warehouse on disk' as help,
    null as label_name,
    null as label_value,
    pg_database_size(current_database())::double precision as sample_value
union all
select
    'usine_lock_waits' as metric,
    'How many sessions of the warehouse wait for a lock' as help,
    null as label_name,
    null as label_value,
    count(distinct pg_locks.pid)::double precision as sample_value
from pg_locks
-- A lock on a row is in no database, but its session is.
inner join pg_stat_activity on pg_locks.pid = pg_stat_activity.pid
where pg_stat_activity.datname = current_database() and not pg_locks.granted
