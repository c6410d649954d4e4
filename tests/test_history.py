"""What cannot be computed again is kept: the versions of an order, and what a session's figures were before they changed."""

from tests.factory import Factory


def order(number: str, status: str = "lancé") -> dict[str, list[dict[str, object]]]:
    """A planned shutter order, as the four tables of the ERP have it."""
    return {
        "a_kopf": [{"id": number, "aunummer": int(number), "aualpha": "A", "aufstatus": status, "kommission": "Mairie"}],
        "a_logbuch": [{"id_a_kopf": number, "datum": "2025-05-28 08:00:00", "notiz": "cde Planifiée"}],
        "p_zubeh": [{"id_a_kopf": number, "zcode": "VR1", "text": "Volet"}],
        "a_vorgang": [{"id_a_kopf": number, "nummer": "10", "bezeichnung": "Débit"}],
    }


def erp(*orders: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    return {table: [row for one in orders for row in one[table]] for table in order("1")}


def test_every_change_of_an_order_keeps_its_dates(factory: Factory) -> None:
    def state(*orders: dict[str, list[dict[str, object]]], zone: str) -> None:
        factory.ask(f"alter database {factory.environment['POSTGRES_DB']} set timezone = '{zone}'")
        factory.put_erp(erp(*orders))
        factory.load("erp")
        factory.build_only("--select", "+commandes_volets_historique")

    versions = (
        "select id_commande, statut, valide_au is null, est_actuelle, valide_du < coalesce(valide_au, 'infinity'),"
        " lag(valide_au) over (partition by id_commande order by valide_du) = valide_du"
        " from marts.commandes_volets_historique order by id_commande, valide_du"
    )
    kept = "select id, valide_du, xmin::text from marts.commandes_volets_historique where id_commande = '2'"
    state(order("1"), order("2"), zone="Asia/Tokyo")
    first = factory.ask(kept)
    state(order("1", "débité"), order("2"), zone="America/Los_Angeles")  # changed
    state(order("2"), zone="UTC")  # gone
    state(order("1", "débité"), order("2"), zone="Asia/Tokyo")  # back
    expected = [
        ("1", "lancé", False, False, True, None),
        ("1", "débité", False, False, True, True),
        ("1", "débité", True, True, True, False),
        ("2", "lancé", True, True, True, None),
    ]
    assert factory.ask(versions) == expected
    assert factory.ask(kept) == first
    ((recent,),) = factory.ask("select bool_and(valide_du between now() - interval '10 minutes' and now()) from marts.commandes_volets_historique")
    assert recent

    # Loaded again, the same: `date_synchronisation` changes, the order does not. A full refresh keeps the past, key by key.
    factory.ask("update raw.a_kopf set _loaded_at = now()")
    factory.build_only()
    before = factory.snapshot()
    factory.build_only("--full-refresh")
    assert factory.snapshot() == before
    assert factory.ask(versions) == expected
    factory.dbt("build", "--select", "historique_coherent", "test_type:unit,commandes_volets_historique")
