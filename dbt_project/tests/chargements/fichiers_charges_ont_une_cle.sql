-- The ledger names each file once, and each of its transfers has a number of its own.

with fichiers as (

    select * from {{ source('logs', 'log_files') }}

),

comptes as (

    select
        folder,
        file_name,
        file_version,
        count(*) over (partition by folder, file_name) as nb_du_nom,
        count(*) over (partition by file_version) as nb_de_la_version
    from fichiers

)

select * from comptes
where num_nulls(folder, file_name, file_version) > 0 or nb_du_nom > 1 or nb_de_la_version > 1
