"""What follows each job of the schedule: alerts and failures are posted, the metrics written, and `HEARTBEAT_URL` asked.

Failures of loads and builds are alerts of the mart. What the mart cannot tell (that the warehouse does not answer, that a backup
failed, that a load or a build failed before it recorded anything) is posted from here, once, with a second message when it is over.
What was posted is in a file beside the schedule's log.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager

from common.channels import Channels, Line
from common.errors import LoadError
from common.files import replacing
from common.outcomes import Outcome, locked, note_outcome, read_notes, read_outcomes
from common.postgres import connect
from common.settings import log_folder
from common.webhook import ping
from publication.alerts import publish_alerts
from publication.marts import Marts
from publication.metrics import write_metrics
from publication.settings import reader_settings

NAME = "notices.json"
_WAREHOUSE = "L'entrepôt n'est pas accessible : les chiffres ne sont plus à jour"
_WAREHOUSE_AGAIN = "L'entrepôt est de nouveau accessible."
_JOBS = {
    "logs": "La lecture des machines",
    "erp": "La lecture de l'ERP",
    "daily": "Le travail de la nuit",
    "backup": "La sauvegarde",
}
_TARGETS = {
    "load-logs": "chargement",
    "load-erp": "chargement",
    "build-new": "calcul",
    "audit": "vérifications",
    "purge": "purge",
    "docs": "documentation",
    "report": "rapport",
    "backup": "copie",
    "restore-check": "essai de restauration",
    "killed": "arrêt brutal",
}
# Those that run again within the hour: what failed together with the warehouse may be right then.
_FREQUENT = {"logs", "erp"}


def notify(environ: Mapping[str, str], job: str, *, has_failed: bool) -> None:
    """Do what follows a job.

    Args:
        environ: the settings.
        job: the job that has ended; an empty text if there was none. After the daily one alerts are printed even if nothing posts
            them.
        has_failed: whether it has failed. If it was killed, it did not note that itself.

    Raises:
        LoadError: something of this failed; the rest is done.
    """
    channels = Channels.from_environ(environ)
    failures = [*channels.mistakes]
    outcomes = read_outcomes(environ)
    if has_failed and not (job in outcomes and outcomes[job].failures):
        note_outcome(environ, job, ["killed"], 0)
        outcomes = read_outcomes(environ)
    # Not known if a setting is wrong.
    answers: bool | None = None
    with _kept(failures):
        settings = reader_settings(environ, own="ALERTS")
        answers = False
        with closing(connect(settings)):
            answers = True
    if answers and (channels or job == "daily"):
        with _kept(failures):
            publish_alerts(environ, channels)
    if channels:
        with _kept(failures):
            _post_notices(environ, channels, job, outcomes, answers=answers)
    with _kept(failures):
        write_metrics(environ, outcomes)
    if not failures and not has_failed and job in outcomes and not outcomes[job].failures:
        ping(environ)
    if failures:
        raise LoadError("; ".join(dict.fromkeys(map(str, failures))))


@contextmanager
def _kept(failures: list[LoadError]) -> Iterator[None]:
    """Keep an error for later."""
    try:
        yield
    except LoadError as error:
        failures.append(error)


def _post_notices(
    environ: Mapping[str, str], channels: Channels, job: str, outcomes: Mapping[str, Outcome], *, answers: bool | None
) -> None:
    """Post what has begun to fail, and what no longer does. `answers` says whether the warehouse does.

    Raises:
        LoadError: no channel takes it, or it cannot be noted; then nothing is posted.
    """
    file = log_folder(environ) / NAME
    failing = {"": _WAREHOUSE} if answers is False else {}
    for name, outcome in outcomes.items():
        # While the warehouse does not answer, that is the trouble.
        if outcome.failures and answers is not False and (name == job or name not in _FREQUENT):
            told_there = _told_by_the_mart(environ, outcome)
            if untold := [_TARGETS.get(target, target) for target in outcome.failed if target not in told_there]:
                failing[name] = f"{_JOBS.get(name, name)} a échoué : {', '.join(dict.fromkeys(untold))}"
    try:
        with locked(file):
            told = {name: said for name, said in read_notes(file).items() if isinstance(said, str)}
            over = {name for name in told if (answers if not name else name in outcomes and not outcomes[name].failures)}
            new = {name: said for name, said in failing.items() if name not in told}
            if not new and not over:
                return
            lines: list[Line] = [("critique", f"{said}. À signaler à l'informatique.") for said in new.values()]
            lines += [("terminé", f"{_JOBS.get(name, name)} aboutit de nouveau." if name else _WAREHOUSE_AGAIN) for name in over]
            # On the disk before the post: what cannot be noted would be posted again after every job.
            with replacing(file, json.dumps({name: said for name, said in {**told, **new}.items() if name not in over})):
                channels.tell(lines)
    except ValueError:
        raise LoadError(f"{file} is not understood: delete it; what still fails is then posted once more") from None
    except OSError as error:
        raise LoadError(f"{file}: {error.strerror}: set LOG_DIR to a folder that can be written, with room") from error


def _told_by_the_mart(environ: Mapping[str, str], outcome: Outcome) -> Collection[str]:
    """Return the targets whose failures are alerts of the mart: of a source that was asked, a build that began."""
    try:
        with Marts(reader_settings(environ, own="ALERTS")) as marts:
            return [target for (target,) in marts.ask("echecs", {"depuis": outcome.ended_at - outcome.seconds}).rows]
    except LoadError:
        return ()  # there is no such mart yet
