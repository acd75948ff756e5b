"""Reading consents for somebody, and the organizations that a form can name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clinical.consents import wording
from consent import services
from consent.access import NothingToTell
from consent.engine import forms
from consent.models import Consent, Organization, Principal

# Whom a form of care never names here: our own offices, and whoever enforces or prosecutes.
NOT_PARTNERS = (Organization.Kind.CITY, Organization.Kind.POLICE, Organization.Kind.PROSECUTOR)


def partners() -> list[Organization]:
    """The organizations that a client can choose to share with."""
    found = Organization.objects.exclude(kind__in=NOT_PARTNERS).filter(is_criminal_justice_agency=False)
    return list(found.order_by("name"))


def consent_seen_by(asker: Principal, consent_id: UUID) -> Consent:
    """The consent, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = (
        Consent.objects.filter(pk=consent_id)
        .select_related("compartment__scope__program", "program__organization", "explained_by", "revoked_by")
        .first()
    )
    if found is None:
        raise NothingToTell(f"consent `{consent_id}` is not there for `{asker.uid}`")
    return found


def consents_about(subject_id: UUID) -> list[Consent]:
    """The consents about a client that the asker may see, newest first."""
    return list(Consent.objects.about(subject_id).select_related("program").newest_first())


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a signed form is worth at an instant, and why."""

    holds: bool
    word: str  # "Valid", "Taken back", "Ended", "Not valid"
    lacks: tuple[str, ...]


def standing(consent: Consent, at: datetime) -> Standing:
    """Is the form valid at ``at``? Computed from its elements, whenever somebody asks."""
    if consent.revoked_at is not None and consent.revoked_at <= at:
        return Standing(holds=False, word="Taken back", lacks=())
    if consent.ends_at is not None and consent.ends_at <= at:
        return Standing(holds=False, word="Ended", lacks=())
    lacks = tuple(wording.missing_words(each) for each in forms.defects(services.facts_of(consent), at))
    if lacks:
        return Standing(holds=False, word="Not valid", lacks=tuple(dict.fromkeys(lacks)))
    return Standing(holds=True, word="Valid", lacks=())


def recipients_in_words(consent: Consent) -> list[str]:
    """Whom the form names, in words."""
    named = {each["organization"] for each in consent.recipients if each.get("organization")}
    names = {str(each.uid): each.name for each in Organization.objects.filter(uid__in=named)}
    kinds: dict[str, Any] = dict(Organization.Kind.choices)
    return [
        names.get(each.get("organization", ""))
        or (
            wording.TREATING_WORDS
            if each["type"] == Organization.Kind.TREATING_PROVIDER
            else kinds.get(each["type"], each["type"])
        )
        for each in consent.recipients
    ]
