-- The targets of make whose failures since a moment are recorded, and thereby alerts. A run that was killed is none yet: it has no
-- end. Clocks may differ by a minute.

select distinct case type when 'construction' then 'build-new' else 'load-' || source end as make_target
from marts.suivi_execution
where
    debut >= to_timestamp(%(depuis)s) - interval '1 minute'
    and resultat not in ('ok', 'en cours')
    and fin is not null
