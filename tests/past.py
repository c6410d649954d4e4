"""A small history of the factory, for the tests of upgrades and backups: what its servers held."""

import os
from typing import Any

from tests.factory import Factory
from tests.test_incremental import ALU, PVC, UNKNOWN, day

# The modification time of all files, so that a load by the present version finds none of them changed.
WRITTEN = 1_748_500_000


def _day(date: str, pieces: int, hour: int = 8) -> bytes:
    return day(date, pieces, hour) + b"illisible\r\n"


LOGS = {
    (PVC, "20250526.LOG"): _day("20250526", 4),
    (PVC, "20250527.LOG"): _day("20250527", 3) + _day("20250528", 5, hour=2),
    (PVC, "20250528.LOG"): _day("20250528", 6),
    (ALU, "20250526.LOG"): _day("20250526", 5),
    (ALU, "20250603.LOG"): b"",
    (UNKNOWN, "20250526.LOG"): _day("20250526", 2),
}
ERP: dict[str, list[dict[str, Any]]] = {
    "a_kopf": [
        {"id": "A1", "aunummer": 101, "aualpha": "A", "aufstatus": "RÃ©glÃ©", "kommission": "Dupont", "farbe": "7016"},
        {"id": "A2", "aunummer": 102, "aualpha": None, "aufstatus": "ouvert", "kommission": None, "farbe": None},
    ],
    "a_logbuch": [
        {"id_a_kopf": "A1", "datum": "2025-05-20 10:00:00", "notiz": "cde PlanifiÃ©e"},
        {"id_a_kopf": "A1", "datum": "2025-05-21 10:00:00", "notiz": "Réglé : cde Planifiée"},
        {"id_a_kopf": "A2", "datum": "0000-00-00 00:00:00", "notiz": "cde Planifiée"},
    ],
    "p_zubeh": [{"id_a_kopf": "A1", "zcode": "VR1", "text": "Volet"}, {"id_a_kopf": "A2", "zcode": "S P", "text": ""}],
    "a_vorgang": [{"id_a_kopf": "A1", "nummer": "10", "bezeichnung": "Débit"}],
}


def begin(factory: Factory) -> None:
    """Have all of it loaded and built."""
    put_sources(factory)
    factory.begin("upgraded", lambda: (factory.load(), factory.build_only()))


def put_sources(factory: Factory) -> None:
    """Make the FTP server and the ERP hold what they held then."""
    factory.put_logs(LOGS)
    for folder, name in LOGS:
        os.utime(factory.stack.ftp_root / folder / name, (WRITTEN, WRITTEN))
    factory.put_erp(ERP)
