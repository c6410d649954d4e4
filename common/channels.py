"""Where messages go: a chat channel, mailboxes, or both."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from common.errors import LoadError
from common.mail import MailSettings, send
from common.webhook import WebhookSettings, post

log = logging.getLogger(__name__)

# A label, such as `critique`, and a sentence.
Line = tuple[str, str]


@dataclass(frozen=True)
class Channels:
    """The channels that are set; false if there is none. `mistakes` are those in the settings of others."""

    ways: Sequence[Callable[[Sequence[Line]], None]]
    mistakes: Sequence[LoadError] = ()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings of the webhook and of mail. A mistake in one of them does not keep the other from being used."""
        ways, mistakes = list[Callable[[Sequence[Line]], None]](), list[LoadError]()
        kinds: Sequence[tuple[Any, Callable[[Any, Sequence[Line]], None]]] = ((WebhookSettings, _post), (MailSettings, _send))
        for kind, way in kinds:
            try:
                if settings := kind.from_environ(environ):
                    ways.append(partial(way, settings))
            except LoadError as error:
                mistakes.append(error)
        return cls(ways, mistakes)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.ways)

    def tell(self, lines: Sequence[Line]) -> None:
        """Send lines as one message to each channel. One that fails is logged, if another has taken the message.

        Raises:
            LoadError: none has taken it.
        """
        failures = []
        for way in self.ways:
            try:
                way(lines)
            except LoadError as error:
                failures.append(error)
        if failures and len(failures) == len(self.ways):
            raise LoadError("; ".join(map(str, failures)))
        for failure in failures:
            log.error("%s", failure)


def _post(webhook: WebhookSettings, lines: Sequence[Line]) -> None:
    post(webhook, "\n".join(f"- [{label}] {_harmless(text)}" for label, text in lines))


def _send(mail: MailSettings, lines: Sequence[Line]) -> None:
    counts = Counter(label for label, _ in lines)
    subject = f"Usine : {', '.join(f'{count} {label}' + 's' * (count > 1) for label, count in counts.items())}"
    send(mail, subject, "\n".join(f"[{label}] {' '.join(text.split())}" for label, text in lines))


def _harmless(text: str) -> str:
    """Return a text that addresses nobody in a chat (`<!channel>` in Slack, `@all` in Mattermost)."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(text.replace("@", "@\N{ZERO WIDTH SPACE}").split())
