"""The line between a phone and the site, which can be cut: connections are refused, as without a signal."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from tests.stories.demonstration import free_port


class Line:
    """Carries every byte between a port of its own and the site's.

    Args:
        site: The site's address, ``http://localhost:8010``.
    """

    def __init__(self, site: str) -> None:
        self.host, self.target = urlsplit(site).hostname or "localhost", urlsplit(site).port or 80
        self.port = free_port()
        self.listener: socket.socket | None = None
        self.open: set[socket.socket] = set()
        self.mend()

    def url(self, path: str = "/") -> str:
        """An address of the site, over this line."""
        return f"http://{self.host}:{self.port}{path}"

    def mend(self) -> None:
        """Carry again."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._answer, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """No signal: what is open breaks, and nothing new gets through."""
        if self.listener is not None:
            _close(self.listener)
            self.listener = None
        for each in tuple(self.open):
            _close(each)
        self.open.clear()

    def _answer(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                phone, _address = listener.accept()
                site = socket.create_connection(("127.0.0.1", self.target))
                self.open |= {phone, site}
                for here, there in ((phone, site), (site, phone)):
                    threading.Thread(target=_carry, args=(here, there), daemon=True).start()


def _carry(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while some := here.recv(65536):
            there.sendall(some)
    _close(here)
    _close(there)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
