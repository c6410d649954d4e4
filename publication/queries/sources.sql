-- The last load of each source, the last one that succeeded, and the last build.

select distinct on (type, source)
    case
        when type = 'construction' then 'Calcul des tables'
        when source = 'erp' then 'Commandes (ERP)'
        else 'Machines (fichiers LOG)'
    end as quoi,
    debut,
    case resultat
        when 'ok' then 'réussi'
        when 'partiel' then 'réussi en partie'
        when 'echec' then 'en échec'
        when 'interrompu' then 'interrompu'
        else 'en cours'
    end as resultat,
    max(debut) filter (where resultat = 'ok') over (partition by type, source) as dernier_reussi
from marts.suivi_execution
order by type asc, source asc, debut desc
