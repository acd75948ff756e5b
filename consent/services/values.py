"""Rows as the engine's values."""

from datetime import datetime

from django.utils.timezone import make_aware

from consent.engine import facts
from consent.models import Consent
from consent.services.pseudonyms import version_of


def facts_of(consent: Consent) -> facts.Consent:
    """The signed form as the engine reads it: its elements as data, nothing ticked."""
    recipients = consent.recipients
    return facts.Consent(
        id=str(consent.pk),
        form=consent.form,
        signed_at=consent.signed_at,
        ends_at=consent.ends_at,
        end_event=consent.end_event or None,
        revoked_at=consent.revoked_at,
        revoked_how=consent.revoked_how or None,
        recipients=tuple(sorted({each["type"] for each in recipients})),
        recipient_ids=tuple(
            sorted({each["organization"] for each in recipients if each.get("organization")})
        ),
        # each with its own: "clinic X, and my treating providers" is not "X, if it treats me"
        lines=tuple(sorted({(each["type"], each.get("organization") or "") for each in recipients})),
        segments=frozenset(consent.segments),
        purposes=frozenset(consent.purposes),
        elements=frozenset(key for key, value in consent.elements.items() if value not in ("", None, False)),
        combined_with=tuple(sorted(consent.combined_with)),
        signer=consent.signer,
        conditioned_on_services=consent.conditioned_on_services,
        revocable_on=_instant_or_event(consent.elements.get("cj35.revocable_on")),
        sources=(consent.program.known_as,),
        version=version_of(consent),
    )


def _instant_or_event(text: object) -> datetime | str | None:
    """What stands under an element that names a date or an event; a date begins at local midnight."""
    if not isinstance(text, str) or not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found if found.tzinfo else make_aware(found)
