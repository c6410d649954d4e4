-- The states of each alert; the last row counts. `envoyée`: it was posted. `vue`: it still lasts, noted about once a day. `terminée`: a
-- second message said that it is over. `oubliée`: it has been gone for a week. `message` is what is to be said when it is over, NULL
-- of an alert that was past when it was posted. Rows are only inserted. `make grants` creates this table, or else the first
-- `make alerts`; either adds to one of an earlier version what it lacks.

create table if not exists historique.alertes_etats (
    id uuid not null,
    etat text not null,
    depuis timestamptz not null default now(),
    primary key (id, depuis)
);
alter table historique.alertes_etats
    add column message text,
    drop constraint if exists alertes_etats_etat_check,
    add check (etat in ('envoyée', 'vue', 'terminée', 'oubliée'));

-- An earlier version kept one row for each alert.
do $$
begin
    if to_regclass('historique.alertes_envoyees') is not null then
        insert into historique.alertes_etats (id, etat, depuis) select id, 'vue', vue_le from historique.alertes_envoyees;
        drop table historique.alertes_envoyees;
    end if;
end
$$;
