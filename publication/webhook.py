"""A message to a chat channel, by the incoming webhook that Slack, Teams and Mattermost have alike."""

import http.client
import json
import urllib.error
import urllib.request

from common.errors import ConnectionLostError, LoadError
from common.retry import retrying
from publication.settings import WebhookSettings

TIMEOUT_SECONDS = 15


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET, without the message."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def post(settings: WebhookSettings, text: str) -> None:
    """Post a message; where the webhook cannot be reached or is in trouble, try again.

    Args:
        settings: the webhook.
        text: the message, in the plain Markdown that the three understand.

    Raises:
        LoadError: the webhook refuses the message, or cannot be reached. Its address is not in the text.
    """
    for attempt in retrying(lambda error: isinstance(error, ConnectionLostError)):
        with attempt:
            _post_once(settings, text)


def _post_once(settings: WebhookSettings, text: str) -> None:
    request = urllib.request.Request(
        settings.url,
        json.dumps({"text": text}).encode(),
        {"Content-Type": "application/json", "User-Agent": "usine"},
    )
    # Exceptions are not chained: theirs would tell the address to whoever reads a traceback.
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS):
            return
    except urllib.error.HTTPError as error:
        error.close()
        message = f"the webhook of ALERT_WEBHOOK_URL answers {error.code}"
        if error.code in (408, 429) or error.code >= 500:
            raise ConnectionLostError(message) from None
        raise LoadError(f"{message}: check that it is still valid") from None
    except urllib.error.URLError as error:
        raise ConnectionLostError(f"the webhook of ALERT_WEBHOOK_URL cannot be reached: {_reason(error.reason)}") from None
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionLostError(f"the webhook of ALERT_WEBHOOK_URL does not answer: {_reason(error)}") from None


def _reason(reason: object) -> str:
    """Say why in a few words that do not hold the address: an operating system's own, or else the error's kind."""
    return reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
