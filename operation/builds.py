"""What became of a build, in its row of `historique.constructions`, as far as only the process that waits for it can tell.

dbt's hooks begin the row and end it (`dbt_project/macros/builds.sql`). They cannot know how much memory dbt has taken, and a
dbt that was killed, or failed before its hooks, has not said how it ended.
"""

import json
import logging
import signal
import uuid
from contextlib import closing
from dataclasses import dataclass

import psycopg2.extensions

from common.errors import ConnectionLostError, LoadError
from common.postgres import connect, errors_of
from common.settings import PostgresSettings
from operation.inputs import read_inputs

log = logging.getLogger(__name__)

# What dbt's hooks know the build by: its number, and the session that holds the lock for as long as it lives.
LAUNCH = "BUILD_LAUNCH"
SESSION = "BUILD_SESSION"

_COMPLETE = """
    update historique.constructions
    set
        memoire_max_octets = %(peak)s,
        finie_le = coalesce(finie_le, clock_timestamp()),
        resultat = case when resultat <> 'en cours' then resultat else %(outcome)s end,
        erreur = coalesce(erreur, case when resultat = 'en cours' then %(error)s end)
    where lancement = %(launch)s
    returning id
"""
_NOTE_INPUTS = "update historique.constructions set empreintes = %(inputs)s where lancement = %(launch)s"
_INSERT = """
    insert into historique.constructions (id, lancement, commande, commencee_le, finie_le, resultat, erreur, memoire_max_octets)
    select
        %(launch)s, %(launch)s, %(command)s, clock_timestamp() - %(seconds)s * interval '1 second', clock_timestamp(),
        %(outcome)s, %(error)s, %(peak)s
"""


@dataclass(frozen=True)
class Ended:
    """How a build ended: dbt's exit code, or the signal that it died of as a negative number, as `subprocess` has it.

    `asked` tells whether somebody had asked it to end; `seconds` is how long it took, `peak` its memory in bytes;
    `variables` are dbt's, of a build of all that there was to build, and None of any other.
    """

    launch: uuid.UUID
    command: str
    code: int
    asked: bool
    seconds: float
    peak: int
    variables: str | None

    @property
    def outcome(self) -> str:
        """The outcome, in the table's words."""
        if self.code == 0:
            return "ok"
        return "interrompu" if self.code < 0 or self.asked else "echec"

    @property
    def error(self) -> str | None:
        """What there is to be said, as the marts say things: in French."""
        if self.code == 0:
            return None
        if self.code == -signal.SIGKILL:
            return "dbt a été tué (SIGKILL) ; par le système peut-être, faute de mémoire."
        if self.code < 0:
            return f"dbt a été arrêté ({signal.Signals(-self.code).name})."
        if self.asked:
            return f"dbt a été arrêté (code {self.code})."
        return f"dbt s'est terminé avec le code {self.code} avant de noter son résultat : voir ce qu'il a affiché, ou logs/dbt.log."


def note_end(session: psycopg2.extensions.connection, settings: PostgresSettings, ended: Ended) -> None:
    """Complete the row of a build. Where that fails, a warning says so: the build is what it is.

    A build that has no row gets one if it failed; on a warehouse where none was ever begun, there is nowhere to put it.

    Args:
        session: one that may write the table. Where it is broken, another is opened.
        settings: the warehouse.
        ended: how the build ended.
    """
    try:
        try:
            _note(session, settings, ended)
        except ConnectionLostError:
            with closing(connect(settings)) as another:
                _note(another, settings, ended)
    except LoadError as error:
        log.warning("the end of this build could not be noted: %s", error)


def _note(session: psycopg2.extensions.connection, settings: PostgresSettings, ended: Ended) -> None:
    values: dict[str, object] = {
        "launch": str(ended.launch),
        "command": ended.command,
        "seconds": ended.seconds,
        "outcome": ended.outcome,
        "error": ended.error,
        "peak": ended.peak,
    }
    with errors_of(settings), session.cursor() as cursor:
        cursor.execute("select to_regclass('historique.constructions')")
        if cursor.fetchone() == (None,):
            return
        cursor.execute(_COMPLETE, values)
        if cursor.fetchone() is None and ended.code != 0:
            cursor.execute(_INSERT, values)
    if ended.variables is not None and ended.code == 0:
        values["inputs"] = json.dumps(read_inputs(session, settings, ended.variables))
        with errors_of(settings), session.cursor() as cursor:
            cursor.execute(_NOTE_INPUTS, values)
