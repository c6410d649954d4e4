"""Posts a message to a chat channel, by an incoming webhook of Slack, Teams or Mattermost."""

import http.client
import json
import urllib.error
import urllib.request

from common.errors import ConnectionLostError, LoadError
from common.retry import retrying
from publication.settings import WebhookSettings

TIMEOUT_SECONDS = 15


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: a redirected POST would become a GET without the message."""

    def redirect_request(self, *_: object) -> None:
        """Return no new request."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def post(settings: WebhookSettings, text: str) -> None:
    """Post a message. Temporary errors are retried with exponential back-off.

    Args:
        settings: the webhook.
        text: the message, in the Markdown that all three understand.

    Raises:
        LoadError: the webhook refuses the message, or cannot be reached. The error does not contain its address.
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
    # Not chained: the original exceptions would show the address in a traceback.
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
    """Return a reason without the address: the operating system's message, or the error's class."""
    return reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
