-- The dates on which working time can be declared. One row per date.

{{ config(materialized='incremental', incremental_strategy='append', indexes=[{'columns': ['jour']}]) }}

with dates as (

    select jour::date as jour
    from generate_series(timestamp '2000-01-01', timestamp '2100-12-31', interval '1 day') as jours (jour)

)

select
    jour,
    extract(isodow from jour)::integer as jour_semaine
from dates
{% if is_incremental() -%}
    where not exists (select 1 from {{ this }})
{%- endif %}
