"""New alerts: from the mart `alertes` to the console and a chat channel, each of them posted once.

What was posted is remembered in the warehouse, in the transaction during which it is posted: a post that fails is made again by the
next run. Two runs at once follow one another. An alert that was gone for about a week counts as new when it is back. The memory is
only ever added to, and the session may do nothing else to the warehouse.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from common.errors import LoadError
from common.postgres import connect, errors_of
from operation.grants import make_alert_states
from publication.roles import take_role
from publication.settings import WebhookSettings, reader_settings
from publication.webhook import post

log = logging.getLogger(__name__)

ALERTS_PER_MESSAGE = 20
# The advisory lock that one run holds to its end; any number that nothing else in the warehouse takes will do.
LOCK = 6581365
GRAVITIES = ("critique", "avertissement", "information")

# What is known of each alert that was posted, and not forgotten since.
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
    """Print the alerts that have not been posted yet, and post them where a webhook is set.

    Args:
        environ: the settings: the warehouse's, and `ALERT_WEBHOOK_URL`.

    Returns:
        How many there are.

    Raises:
        LoadError: a setting is malformed, the warehouse cannot be read, or the webhook does not take the message. What
            was posted before that stays remembered.
    """
    webhook = WebhookSettings.from_environ(environ)
    settings = reader_settings(environ, own="ALERTS")
    with closing(connect(settings)) as connection, errors_of(settings):
        with connection, connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
            _prepare(cursor, str(settings))
            alerts = _new_alerts(cursor)
        for alert in alerts:
            log.info("[%s] %s", alert.gravity, alert.message)
        posted = 0
        while webhook is not None:
            # One transaction a message: what was posted is remembered, whatever becomes of the next one.
            with connection, connection.cursor() as cursor:
                batch = _new_alerts(cursor)[:ALERTS_PER_MESSAGE]
                if not batch:
                    break
                cursor.execute(
                    "insert into historique.alertes_etats (id, etat) select unnest(%s::uuid[]), 'envoyée'",
                    ([alert.id for alert in batch],),
                )
                post(webhook, message(batch))
                posted += len(batch)
    log.info("%d new alerts, %s", len(alerts), f"{posted} posted" if webhook else "none posted: ALERT_WEBHOOK_URL is not set")
    return len(alerts)


def message(alerts: Sequence[Alert]) -> str:
    """Write the text of a post.

    Args:
        alerts: the alerts, in the order in which they are to stand.

    Returns:
        One line an alert. What a machine wrote cannot address anybody (`<!channel>` in Slack, `@all` in Mattermost).
    """
    return "\n".join(f"- [{alert.gravity}] {_harmless(alert.message)}" for alert in alerts)


def _harmless(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(text.replace("@", "@\N{ZERO WIDTH SPACE}").split())


def _prepare(cursor: Any, name: str) -> None:
    """Make the memory ready, and note what is still there and what has been gone for long."""
    cursor.execute("select to_regclass('marts.alertes') is null")
    if cursor.fetchone() == (True,):
        raise LoadError(f"{name}: there is no table marts.alertes: run `make build` first")
    make_alert_states(cursor)
    take_role(cursor, "notifier", added_to="historique.alertes_etats")
    cursor.execute(_NOTE)


def _new_alerts(cursor: Any) -> list[Alert]:
    cursor.execute(_NEW, (list(GRAVITIES),))
    return [Alert(*row) for row in cursor.fetchall()]
