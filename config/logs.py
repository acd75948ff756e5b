"""Logging that never carries a value: message templates and ids, exception types without their text."""

import logging
import logging.config
from typing import Any


class NoValues(logging.Formatter):
    """Formats exceptions as type and places: an exception's text may hold a row's values."""

    def formatException(self, ei: Any) -> str:
        """The type and the file:line of each frame."""
        kind, _error, trace = ei
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join([getattr(kind, "__name__", "Exception"), *places[-12:]])

    def formatStack(self, stack_info: str) -> str:
        """No source lines."""
        return ""


class OwnMessagesOnly(logging.Filter):
    """Others' loggers lose their arguments (paths, SQL, values); ours pass ids only, by convention and test."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record; take from foreign ones what could be about somebody."""
        if not record.name.startswith(("bulkhead", "gunicorn.error", "celery.worker", "celery.beat")):
            record.msg, record.args = f"{record.name}: {record.levelname.lower()}", ()
        return True


def configure(_unused: dict[str, Any]) -> None:
    """Console only, without values; the database backend's query log stays off."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"own": {"()": "config.logs.OwnMessagesOnly"}},
            "formatters": {
                "plain": {"()": "config.logs.NoValues", "format": "%(asctime)s %(levelname)s %(message)s"}
            },
            "handlers": {
                "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["own"]}
            },
            "root": {"handlers": ["console"], "level": "WARNING"},
            "loggers": {
                "bulkhead": {"level": "INFO"},
                "django.db.backends": {"level": "CRITICAL", "propagate": False},
            },
        }
    )
