"""A connection that is not waited for without end.

The server's own limits end a statement or a wait for a lock. They don't help where the server's
process is stopped, the machine behind it hangs or the network swallows what is sent: then the
client alone can stop waiting. A connection that was given up so is closed for good.
"""

from typing import Any

import psycopg


class PatientConnection(psycopg.Connection[Any]):
    """Waited for ``patience`` seconds at a time; ``None``: for as long as it takes."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer.

        Raises:
            OperationalError: It didn't come in time, and the connection is closed.
        """
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise
