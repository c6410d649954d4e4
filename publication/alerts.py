"""New alerts: from the mart `alertes` to the console and a chat channel. Each is posted once.

What was posted is recorded in `historique.alertes_etats`, in the transaction in which it is posted: if a post fails, the next run
posts it again. Of two runs at once, one waits. An alert that comes back after a week counts as new. Rows are only inserted in that
table, which is all that the role of this session may do.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from common.errors import LoadError
from common.postgres import LOCK as LOCK_OF_BUILDS
from common.postgres import connect, errors_of, take_lock
from operation.grants import make_alert_states
from publication.roles import take_role
from publication.settings import WebhookSettings, reader_settings
from publication.webhook import post

log = logging.getLogger(__name__)

ALERTS_PER_MESSAGE = 20
# The advisory lock of a run. The number is arbitrary.
LOCK = 6581365
GRAVITIES = ("critique", "avertissement", "information")

# The last state of each alert that was posted, unless it was forgotten since.
_KNOWN = """
    connues as (
        select * from (select distinct on (id) * from historique.alertes_etats order by id, depuis desc) as derniers
        where etat <> 'oubliée'
    )
"""
_NOTE = f"""
    with {_KNOWN}
    insert into historique.alertes_etats (id, etat)
    select id, case when alertes.id is null then 'oubliée' else 'vue' end
    from connues left join marts.alertes using (id)
    where depuis < now() - case when alertes.id is null then interval '7 days' else interval '1 day' end
"""
_NEW = f"""
    with {_KNOWN}
    select id::text, gravite, message
    from marts.alertes
    where id not in (select id from connues)
    order by array_position(%s, gravite), survenue_le nulls last, type, id
"""


@dataclass(frozen=True)
class Alert:
    """An alert of the mart."""

    id: str
    gravity: str
    message: str


def publish_alerts(environ: Mapping[str, str]) -> int:
    """Print the alerts that have not been posted yet, and post them if a webhook is set.

    Args:
        environ: the settings of the warehouse, and `ALERT_WEBHOOK_URL`.

    Returns:
        How many there are.

    Raises:
        LoadError: a setting is malformed, the warehouse cannot be read, or the webhook refuses the message. What was posted
            before that stays recorded.
    """
    webhook = WebhookSettings.from_environ(environ)
    settings = reader_settings(environ, own="ALERTS")
    with closing(connect(settings)) as connection, errors_of(settings):
        with connection, connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
            # While a build changes one mart after the other, the view compares old with new.
            take_lock(connection, settings)
            _prepare(cursor, str(settings))
            alerts = _new_alerts(cursor)
            cursor.execute("select pg_advisory_unlock(%s)", (LOCK_OF_BUILDS,))
        for alert in alerts:
            log.info("[%s] %s", alert.gravity, alert.message)
        posted = 0
        for start in range(0, len(alerts), ALERTS_PER_MESSAGE):
            if webhook is None:
                break
            batch = alerts[start : start + ALERTS_PER_MESSAGE]
            # One transaction per message: what was posted stays recorded if the next post fails.
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "insert into historique.alertes_etats (id, etat) select unnest(%s::uuid[]), 'envoyée'",
                    ([alert.id for alert in batch],),
                )
                post(webhook, message(batch))
                posted += len(batch)
    log.info("%d new alerts, %s", len(alerts), f"{posted} posted" if webhook else "none posted: ALERT_WEBHOOK_URL is not set")
    return len(alerts)


def message(alerts: Sequence[Alert]) -> str:
    """Return the text of a post.

    Args:
        alerts: the alerts, in order.

    Returns:
        One line per alert. Text from machines cannot address anybody (`<!channel>` in Slack, `@all` in Mattermost).
    """
    return "\n".join(f"- [{alert.gravity}] {_harmless(alert.message)}" for alert in alerts)


def _harmless(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(text.replace("@", "@\N{ZERO WIDTH SPACE}").split())


def _prepare(cursor: Any, name: str) -> None:
    """Create the table of states if it is missing, and record which posted alerts are still there or long gone."""
    cursor.execute("select to_regclass('marts.alertes') is null")
    if cursor.fetchone() == (True,):
        raise LoadError(f"{name}: there is no view marts.alertes: run `make build` first")
    make_alert_states(cursor)
    take_role(cursor, "notifier", added_to="historique.alertes_etats")
    cursor.execute(_NOTE)


def _new_alerts(cursor: Any) -> list[Alert]:
    cursor.execute(_NEW, (list(GRAVITIES),))
    return [Alert(*row) for row in cursor.fetchall()]
