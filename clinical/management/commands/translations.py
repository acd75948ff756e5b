"""``manage.py translations``: every text of the consent forms for a translator, and the digest of a review."""

import csv
from typing import Any

from django.core.management.base import BaseCommand

from clinical.consents import wording
from clinical.consents.said import LANGUAGES, words_digest


class Command(BaseCommand):
    """Print the texts side by side, and under them what `REVIEWED` takes of each language."""

    help = "Prints the texts of the consent forms in all their languages as CSV, and the digest of each translation."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print."""
        texts = wording.every_text()
        writer = csv.writer(self.stdout)
        writer.writerow(LANGUAGES)
        writer.writerows([each.tell(language) for language in LANGUAGES] for each in texts)
        for language in LANGUAGES:
            if language != "en":
                state = "reviewed" if wording.is_reviewed(language) else "a draft"
                self.stdout.write(f"# {language}: {state}, {words_digest(texts, language)}")
