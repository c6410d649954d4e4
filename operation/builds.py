"""The record of builds: completes a build's row in `historique.constructions`.

dbt's hooks insert the row and note the result (`dbt_project/macros/builds.sql`). They do not know dbt's peak memory, and do not run
if dbt is killed or fails early. The process that waits for dbt does.
"""

import json
import logging
import signal
from contextlib import closing
from dataclasses import asdict, dataclass

import psycopg2.extensions

from common.errors import ConnectionLostError, LoadError
from common.postgres import connect, errors_of
from common.settings import PostgresSettings
from operation.inputs import Inputs, read_inputs

log = logging.getLogger(__name__)

# Variables for dbt's hooks: the build's number, and the session that holds the lock until the build ends.
LAUNCH = "BUILD_LAUNCH"
SESSION = "BUILD_SESSION"

_COMPLETE = """
    update historique.constructions
    set
        memoire_max_octets = %(peak)s,
        finie_le = coalesce(finie_le, clock_timestamp()),
        resultat = case when resultat <> 'en cours' then resultat else %(outcome)s end,
        erreur = coalesce(erreur, case when resultat = 'en cours' then %(error)s end),
        est_entiere = est_entiere and %(entire)s
    where lancement = %(launch)s
    returning id
"""
# Those since the last whole one that succeeded stay: alerts tell since when builds fail. The one that has fingerprints is the one
# that the next build compares with.
_TRIM = """
    delete from historique.constructions
    where
        commencee_le < clock_timestamp() - %(days)s * interval '1 day'
        and empreintes is null
        and commencee_le < (
            select max(commencee_le) from historique.constructions
            where commande = 'build' and resultat = 'ok' and coalesce(est_entiere, true)
        )
"""
# What was made from the inputs of the last build is out of date: the next build makes everything, and ends the trouble.
_INSERT = """
    update historique.constructions set empreintes = null where empreintes is not null;
    insert into historique.constructions
        (id, lancement, commande, commencee_le, finie_le, resultat, erreur, memoire_max_octets, est_entiere)
    select
        %(launch)s, %(launch)s, %(command)s, clock_timestamp() - %(seconds)s * interval '1 second', clock_timestamp(),
        %(outcome)s, %(error)s, %(peak)s, %(entire)s
"""


@dataclass(frozen=True)
class Ended:
    """How a build ended: with dbt's exit code, or the negative number of the signal that killed it.

    `asked` says whether it received a signal to end. `peak` is its memory in bytes. `inputs` are those at its beginning, or None if
    the build was partial.
    """

    launch: str
    command: str
    code: int
    asked: bool
    seconds: float
    peak: int
    inputs: Inputs | None
    entire: bool = True

    @property
    def outcome(self) -> str:
        """The value of `resultat`."""
        if self.code == 0:
            return "ok"
        return "interrompu" if self.code < 0 or self.asked else "echec"

    @property
    def error(self) -> str | None:
        """The value of `erreur`, in French like all texts in the marts."""
        if self.code == 0:
            return None
        if self.code == -signal.SIGKILL:
            return "dbt a été tué (SIGKILL) ; par le système peut-être, faute de mémoire."
        if self.code < 0 or self.asked:
            return f"dbt a été arrêté ({signal.Signals(-self.code).name if self.code < 0 else f'code {self.code}'})."
        return f"Fin avec le code {self.code}, avant que dbt note son résultat : voir ce qui s'est affiché, ou logs/dbt.log."


def note_end(session: psycopg2.extensions.connection, settings: PostgresSettings, ended: Ended) -> None:
    """Complete the row of a build. If that fails, a warning says so, and the build keeps its result.

    A failed build without a row gets one, unless the table does not exist yet.

    Args:
        session: a session that may write the table. If it is broken, another one is opened.
        settings: the warehouse.
        ended: how the build ended.
    """
    try:
        try:
            _note(session, settings, ended)
        except ConnectionLostError:
            log.warning("the lock was lost with its connection: a load may have run beside this build")
            with closing(connect(settings)) as another:
                _note(another, settings, ended)
    except LoadError as error:
        log.warning("the end of this build could not be recorded: %s", error)


def _note(session: psycopg2.extensions.connection, settings: PostgresSettings, ended: Ended) -> None:
    values = {**asdict(ended), "outcome": ended.outcome, "error": ended.error}
    with errors_of(settings), session.cursor() as cursor:
        cursor.execute("select to_regclass('historique.constructions')")
        if cursor.fetchone() == (None,):
            return
        cursor.execute(_COMPLETE, values)
        if cursor.fetchone() is None and ended.code != 0:
            cursor.execute(_INSERT, values)
        cursor.execute(_TRIM, {"days": settings.records_days})
    if ended.inputs is not None and ended.code == 0:
        before, after = ended.inputs, read_inputs(session, settings, ended.inputs["variables"] or "")
        # What has changed meanwhile may not have been read, and stays new. A first build began without versions.
        known = {name: after[name] for name in after if name == "relations" or before.get(name, after[name]) == after[name]}
        with errors_of(settings), session.cursor() as cursor:
            note = "update historique.constructions set empreintes = %s where lancement = %s"
            cursor.execute(note, (json.dumps(known), ended.launch))
