"""Where values end up that nobody sent anywhere: logs, queues, mail, caches, files.

Collected while the tests run, scanned once when they end. A sink that could not be read
says so: a check that did not run has not passed.
"""

import logging
import os
import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.oracle.canary import Canary, Registry, planted
from tests.oracle.scan import scan

LARGEST_FILE = 64_000_000  # bytes of one file that are read, from its end
# The databases' own columns are where protected values belong; keys are no text.
PERMITTED = ("data", "keys", "static")
OUR_TESTS = "_pytest."


@dataclass
class Sinks:
    """What was caught on its way out, and the places that are read at the end."""

    state: Path | None = None
    brokers: tuple[str, ...] = ()
    began: float = field(default_factory=time.time)
    caught: dict[str, list[bytes]] = field(default_factory=lambda: {"logs": [], "mail": [], "cache": []})
    not_read: list[str] = field(default_factory=list)

    def catch(self, name: str, data: bytes) -> None:
        self.caught[name].append(data)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Each sink's name and bytes."""
        for name, pieces in self.caught.items():
            yield name, b"\n".join(pieces)
        if self.state is not None:
            yield from files(self.state, self.began)
        for broker in self.brokers:
            yield from self._queue(broker)

    def leaks(self, known: Registry = planted) -> list[tuple[str, Canary]]:
        """The canaries that lie where none may lie."""
        found = ((name, canary) for name, data in self.everything() for canary in scan(data, known))
        return sorted(found, key=lambda leak: (leak[0], str(leak[1])))

    def _queue(self, url: str) -> Iterator[tuple[str, bytes]]:
        import redis

        name = f"queue at port {url.rsplit(':', 1)[-1].split('/')[0]}"
        try:
            with redis.Redis.from_url(url, socket_timeout=5) as connection:
                pieces = [
                    piece for key in connection.scan_iter() for piece in (key, connection.dump(key) or b"")
                ]
        except redis.RedisError as error:
            self.not_read.append(f"{name} ({type(error).__name__})")
            return
        yield name, b"\n".join(pieces)


def files(state: Path, since: float) -> Iterator[tuple[str, bytes]]:
    """The files below ``state`` that were written since, the servers' logs and queues' files among them."""
    for folder, folders, names in os.walk(state):
        folders[:] = [each for each in folders if each not in PERMITTED]
        for name in names:
            path = Path(folder, name)
            try:
                if path.stat().st_mtime < since or not path.is_file():
                    continue
                with path.open("rb") as file:
                    file.seek(max(0, path.stat().st_size - LARGEST_FILE))
                    yield str(path.relative_to(state)), path.name.encode() + b"\n" + file.read()
            except FileNotFoundError:
                continue


def catch_logs(sinks: Sinks) -> Callable[[], None]:
    """Catch every text that a handler of the product formats; returns how to stop.

    Formatted texts, because what a filter or a formatter leaves out has not leaked; and no
    text of pytest's own handlers, which show a developer more than any log.
    """
    plain = logging.Handler.format

    def format_and_catch(self: logging.Handler, record: logging.LogRecord) -> str:
        text = plain(self, record)
        if not type(self).__module__.startswith(OUR_TESTS):
            sinks.catch("logs", text.encode(errors="replace"))
        return text

    logging.Handler.format = format_and_catch  # type: ignore[method-assign]

    def release() -> None:
        logging.Handler.format = plain  # type: ignore[method-assign]

    return release


def catch_mail(sinks: Sinks) -> Callable[[], None]:
    """Catch every e-mail that a test sends, as it would go over the wire."""
    from django.core.mail.backends.locmem import EmailBackend

    plain = EmailBackend.send_messages

    def send_and_catch(self: Any, messages: Any) -> int:
        messages = list(messages)
        for message in messages:
            sinks.catch("mail", message.message().as_bytes())
        return int(plain(self, messages))

    EmailBackend.send_messages = send_and_catch

    def release() -> None:
        EmailBackend.send_messages = plain

    return release


def catch_caches(sinks: Sinks) -> None:
    """What the caches of this process hold now."""
    from django.core.cache import caches

    for cache in caches.all(initialized_only=True):
        held = getattr(cache, "_cache", {})
        if isinstance(held, dict):
            for key, value in held.items():
                sinks.catch("cache", f"{key}\n".encode() + pickled(value))


def pickled(value: Any) -> bytes:
    return value if isinstance(value, bytes) else pickle.dumps(value)
