"""Reading consents for somebody, the register of what was asked, and the organizations that a form can name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from clinical.consents import catalog, sheet, wording
from clinical.consents.models import SignedPaper, UnsignedForm
from clinical.encounters.models import Encounter
from consent import services
from consent.access import NothingToTell
from consent.engine import forms
from consent.models import Consent, Organization, Principal, Restriction
from consent.paging import Asked, Page, merged_page

SHOWN: Final = 40  # things on a page of the register
# Whom a form of care never names here: our own offices, and whoever enforces or prosecutes.
NOT_PARTNERS = (Organization.Kind.CITY, Organization.Kind.POLICE, Organization.Kind.PROSECUTOR)
PROGRAM = "compartment__scope__program"


def partners() -> list[Organization]:
    """The organizations that a client can choose to share with."""
    found = Organization.objects.exclude(kind__in=NOT_PARTNERS).filter(is_criminal_justice_agency=False)
    return list(found.order_by("name"))


def organizations() -> list[Organization]:
    """Every organization outside; which of them a form may name is the form's to say."""
    return list(Organization.objects.exclude(kind=Organization.Kind.CITY).order_by("name"))


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


def papers_of(consent: Consent) -> list[SignedPaper]:
    """The photos of the signed paper, the first one first."""
    return list(SignedPaper.objects.filter(consent=consent).order_by("created_at", "id"))


def paper_seen_by(asker: Principal, paper_id: UUID) -> SignedPaper:
    """One photo of a signed paper, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = SignedPaper.objects.filter(pk=paper_id).first()
    if found is None:
        raise NothingToTell(f"paper `{paper_id}` is not there for `{asker.uid}`")
    return found


def limit_seen_by(asker: Principal, limit_id: UUID) -> Restriction:
    """The limit, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = Restriction.objects.filter(pk=limit_id).first()
    if found is None:
        raise NothingToTell(f"limit `{limit_id}` is not there for `{asker.uid}`")
    return found


def to_ask_again(worker: Principal, until: datetime) -> list[UnsignedForm]:
    """The forms that ``worker`` offered, that were put off, and whose day comes by ``until``; the first one first."""
    rows = UnsignedForm.objects.waiting().offered_by(worker).filter(ask_again_at__lte=until)
    return list(rows.select_related(PROGRAM).order_by("ask_again_at", "id"))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a signed form is worth at an instant, and why."""

    holds: bool
    word: str  # "Valid", "Taken back", "Ended", "Not valid"
    lacks: tuple[str, ...]


def standing(consent: Consent, at: datetime) -> Standing:
    """Is the form valid at ``at``? Computed from its elements, whenever somebody asks."""
    value = services.facts_of(consent)
    if forms.is_revoked(value, at):
        return Standing(holds=False, word="Taken back", lacks=())
    if consent.ends_at is not None and consent.ends_at <= at:
        return Standing(holds=False, word="Ended", lacks=())
    lacks = tuple(wording.missing_words(each) for each in forms.defects(value, at))
    if lacks:
        return Standing(holds=False, word="Not valid", lacks=tuple(dict.fromkeys(lacks)))
    return Standing(holds=True, word="Valid", lacks=())


def irrevocable_until(consent: Consent, at: datetime) -> str:
    """For a report to a monitor that can't be taken back yet: from when it can, in words; otherwise nothing.

    Cites: 42 CFR 2.35(c).
    """
    when = services.facts_of(consent).revocable_on if consent.form == "P2-CJ35" else None
    if isinstance(when, datetime):
        return wording.day(when, "en") if at < when else ""
    return when.replace("_", " ") if when else ""


def recipients_in_words(consent: Consent, names: Mapping[str, str] | None = None) -> list[str]:
    """Whom the form names, in words, each once.

    Args:
        names: Of organizations, by uid, where several forms are shown; they are looked up otherwise.
    """
    known = _names_on([consent]) if names is None else names
    return list(dict.fromkeys(_recipient(each, known) for each in consent.recipients))


def _names_on(consents: Iterable[Consent]) -> dict[str, str]:
    named = {row["organization"] for each in consents for row in each.recipients if row.get("organization")}
    return {str(each.uid): each.name for each in Organization.objects.filter(uid__in=named)}


def _recipient(row: Mapping[str, str], names: Mapping[str, str]) -> str:
    kinds: dict[str, Any] = dict(Organization.Kind.choices)
    known, unit = names.get(row.get("organization", "")), row.get("unit", "")
    if known:
        return f"{known}, {unit}" if unit else known
    if row.get("organization") and unit:
        return unit  # written down by name
    if row["type"] == Organization.Kind.TREATING_PROVIDER:
        return wording.TREATING_WORDS
    word = kinds.get(row["type"]) or row["type"].replace("_", " ")
    return f"{word}, {unit}" if unit else str(word)


def register_of(subject_id: UUID, asked: Asked) -> Page:
    """What the client was asked and answered, newest first; each row ``{"kind", "row"}`` and what its line needs."""
    kinds = {
        "consent": Consent.objects.about(subject_id).select_related(PROGRAM, "program", "explained_by"),
        "unsigned": UnsignedForm.objects.about(subject_id).select_related(PROGRAM, "by"),
        "limit": Restriction.objects.about(subject_id).select_related(PROGRAM, "agreed_by"),
        "spoken": Encounter.objects.about(subject_id).exclude(answer="").select_related(PROGRAM, "by"),
    }
    page = merged_page(kinds, asked)
    names = _names_on(row for kind, row in page.rows if kind == "consent")
    return replace(
        page, rows=[{"kind": kind, "row": row, **_line(kind, row, names)} for kind, row in page.rows]
    )


def _line(kind: str, row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    if kind == "consent":
        return {
            "standing": standing(row, timezone.now()),
            "recipients": recipients_in_words(row, names), "name": wording.FORM_NAMES.get(row.form, row.form),
        }  # fmt: skip
    if kind == "unsigned":
        return {"name": wording.FORM_NAMES.get(row.form, row.form)}
    if kind == "limit":
        classes = catalog.KINDS["RESTRICT"].classes.values()
        whom = [each.words.en for each in classes if set(each.types) & set(row.recipients)]
        known = {type_ for each in classes for type_ in each.types}
        return {
            "holds": row.ends_at is None or row.ends_at > timezone.now(),
            "from_whom": [*whom, *sorted(set(row.recipients) - known)],
            "what": [sheet.segment_words(each, "en") for each in row.segments],
        }  # fmt: skip
    return {}
