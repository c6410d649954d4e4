"""New alerts, and that alerts are over: from the mart `alertes` to the console and a chat channel. Each is posted once.

What was posted is recorded in `historique.alertes_etats`, in the transaction in which it is posted: if a post fails, the next run
posts it again. Of two runs at once, one waits. An alert that was posted while it lasted has a second message when it is over, and
is new if it comes back. One that was past when it was posted is new if it comes back after a week. Rows are only inserted in that
table, which is all that the role of this session may do.
"""

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from common.alert_states import make_alert_states
from common.channels import Channels
from common.errors import LoadError
from common.postgres import LOCK as LOCK_OF_BUILDS
from common.postgres import connect, errors_of, take_lock
from publication.roles import take_role
from publication.settings import reader_settings

log = logging.getLogger(__name__)

ALERTS_PER_MESSAGE = 20
# The advisory lock of a run. The number is arbitrary.
LOCK = 6581365
GRAVITIES = ("critique", "avertissement")

# The last state of each alert that was posted. What its key begins with is the site's part, which a new `SITE` changes.
_STATES = "select distinct on (cle) * from historique.alertes_etats, right(id::text, 27) as cle order by cle, depuis desc"
# Notes which of them are still there or long gone; returns what is new, then what is over. What is over may still be in the mart,
# as a past alert. Its second message is the first part of the first one: the rest says what to do.
_NEWS = f"""
    with etats as ({_STATES}), alertes as materialized (select * from marts.alertes, right(id::text, 27) as cle), notes as (
        insert into historique.alertes_etats (id, etat, message)
        select etats.id, case when alertes.id is null then 'oubliée' else 'vue' end, etats.message
        from etats left join alertes using (cle)
        where
            etat in ('envoyée', 'vue')
            and depuis < now() - case when alertes.id is null then interval '7 days' else interval '1 day' end
    ), nouvelles as (
        select alertes.* from alertes left join etats using (cle)
        where coalesce(etat, 'oubliée') = 'oubliée' or etat = 'terminée' and en_cours
        order by array_position(%s, gravite), survenue_le nulls last, type, alertes.id
    ), finies as (
        select id, message from etats
        where
            etat in ('envoyée', 'vue')
            and message is not null
            and not exists (select from alertes where alertes.cle = etats.cle and en_cours)
        order by depuis, id
    )
    select id::text, 'envoyée', gravite, message, case when en_cours then split_part(message, ' : ', 1) || '.' end from nouvelles
    union all
    select id::text, 'terminée', 'terminé', message, null from finies
"""


@dataclass(frozen=True)
class News:
    """An alert of the mart that was not posted yet, or one that was and is over (`terminée`)."""

    id: str
    state: str
    label: str
    message: str
    when_over: str | None


def publish_alerts(environ: Mapping[str, str], channels: Channels) -> int:
    """Print the alerts that have not been posted yet, and those that are over, and post both if there is a channel.

    Args:
        environ: the settings of the warehouse.
        channels: the chat, mailboxes, or none.

    Returns:
        How many new alerts there are.

    Raises:
        LoadError: a setting is malformed, the warehouse cannot be read, or no channel takes the message. What was posted before
            that stays recorded.
    """
    settings = reader_settings(environ, own="ALERTS")
    with closing(connect(settings)) as connection, errors_of(settings):
        with connection, connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
            # While a build changes one mart after the other, the view compares old with new.
            take_lock(connection, settings)
            _prepare(cursor, str(settings))
            news = _news(cursor)
            cursor.execute("select pg_advisory_unlock(%s)", (LOCK_OF_BUILDS,))
        for one in news:
            log.info("[%s] %s", one.label, one.message)
        posted = 0
        for start in range(0, len(news), ALERTS_PER_MESSAGE):
            if not channels:
                break
            batch = news[start : start + ALERTS_PER_MESSAGE]
            # One transaction per message: what was posted stays recorded if the next post fails.
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "insert into historique.alertes_etats (id, etat, message)"
                    " select * from unnest(%s::uuid[], %s::text[], %s::text[])",
                    ([one.id for one in batch], [one.state for one in batch], [one.when_over for one in batch]),
                )
                channels.tell([(one.label, one.message) for one in batch])
                posted += len(batch)
    new = sum(one.state == "envoyée" for one in news)
    over = f", {len(news) - new} over" if new < len(news) else ""
    log.info(
        "%d new alerts%s, %s",
        new,
        over,
        f"{posted} posted" if channels else "none posted: neither ALERT_WEBHOOK_URL nor SMTP_HOST is set",
    )
    return new


def _prepare(cursor: Any, name: str) -> None:
    """Create the table of states if it is missing, and take the role that may add to it."""
    cursor.execute("select from pg_attribute where attrelid = to_regclass('marts.alertes') and attname = 'en_cours'")
    if not cursor.rowcount:
        raise LoadError(f"{name}: there is no view marts.alertes of this version: run `make build` first")
    make_alert_states(cursor)
    take_role(cursor, "notifier", added_to="historique.alertes_etats")


def _news(cursor: Any) -> list[News]:
    cursor.execute(_NEWS, (list(GRAVITIES),))
    return [News(*row) for row in cursor.fetchall()]
