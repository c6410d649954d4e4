-- The last load of each source, the last one that succeeded, and the last build; of each site, where there are several.

with dernieres as (

    select
        site,
        type,
        source,
        max(debut) as debut,
        max(debut) filter (where resultat = 'ok') as dernier_reussi
    from marts.suivi_execution
    group by site, type, source

),

-- An array, and not a join: a hub has each site find its own.
executions as (

    select *
    from marts.suivi_execution
    where debut = any(array(select dernieres.debut from dernieres))

)

select distinct on (executions.type, executions.source, executions.site)
    concat_ws(
        ', ',
        case
            when executions.type = 'construction' then 'Calcul des tables'
            when executions.source = 'erp' then 'Commandes (ERP)'
            else 'Machines (fichiers LOG)'
        end,
        case when (select min(sites.site) != max(sites.site) from dernieres as sites) then executions.site end
    ) as quoi,
    executions.debut,
    case executions.resultat
        when 'ok' then 'réussi'
        when 'partiel' then 'réussi en partie'
        when 'echec' then 'en échec'
        when 'interrompu' then 'interrompu'
        else 'en cours'
    end as resultat,
    dernieres.dernier_reussi
from executions
inner join dernieres
    on executions.site = dernieres.site
    and executions.type = dernieres.type
    and executions.source is not distinct from dernieres.source
    and executions.debut = dernieres.debut
order by executions.type asc, executions.source asc, executions.site asc
