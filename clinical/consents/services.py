"""Keeping a form that is whole, and what was offered and not signed; a limit is agreed to, a photo is added."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.db import transaction

from clinical.clients.models import Client
from clinical.consents.draft import Draft
from clinical.consents.models import SignedPaper, UnsignedForm
from clinical.consents.papers import Picture
from clinical.consents.sheet import openings_in_words, sheet_of
from clinical.writing import check_may
from consent import services
from consent.models import Consent, Principal, Restriction

ASK_AGAIN: Final = timedelta(hours=24)  # after "cannot decide now" (workflow S4)


@transaction.atomic
def keep(draft: Draft) -> list[Consent]:
    """Keep what was signed, and open what it opens: each form of the sheet, a photo of the paper with it.

    Raises:
        ValueError: it lacks something.
    """
    check_may(draft.by, "change", draft.client)
    if draft.lacks() or draft.kind.ends == "limit":
        raise ValueError("an invalid form is not finished")
    sheet = sheet_of(draft, openings_in_words(draft, draft.opens()))
    lines = draft.lines()
    sheet_id = uuid4() if len(lines) > 1 else None
    kept = [
        services.record_consent(
            subject_id=draft.client.subject_id, explained_by=draft.by, sheet=sheet, sheet_id=sheet_id,
            combined_with=[draft.kind.code] if sheet_id else [], **draft.values(line), **_taking(draft),
        )
        for line in lines
    ]  # fmt: skip
    if draft.signing.paper is not None:
        for each in kept:
            add_paper(consent=each, picture=draft.signing.paper, by=draft.by)
    _settle(draft)
    return kept


def _taking(draft: Draft) -> dict[str, Any]:
    """How it was taken, common to all forms (`law/rules.md` section 3)."""
    sig = draft.signing
    return {
        "signature": sig.image,
        "witness": ", ".join(filter(None, (sig.witness, sig.second_witness))),
        "language": draft.spoken if draft.spoken != "other" else "und",
        "interpreter": draft.interpreter,
        "capacity_note": draft.capacity,
        "channel": "on paper" if sig.paper is not None and not sig.image else "in person",
        "paper_digest": sig.paper.digest if sig.paper is not None else "",
    }


@transaction.atomic
def agree_to_limit(draft: Draft) -> Restriction:
    """Agree to what the person asked to be kept from somebody; what it bars closes at once.

    Raises:
        ValueError: it lacks something.
    """
    check_may(draft.by, "change", draft.client)
    if draft.lacks() or draft.kind.ends != "limit":
        raise ValueError("an invalid form is not finished")
    _settle(draft)
    return services.agree_restriction(
        subject_id=draft.client.subject_id, program=draft.program, segments=draft.segments, by=draft.by,
        recipients=sorted({each.type for each in draft.named}), at=draft.at, ends_at=draft.ends_at,
    )  # fmt: skip


@transaction.atomic
def keep_unsigned(
    *, client: Client, form: str, answer: str, by: Principal, at: datetime, language: str = "en",
    offered: dict[str, str] | None = None, words: str = "",
) -> UnsignedForm:  # fmt: skip
    """Keep that a form was offered and not signed, and as far as it came; it opens nothing and costs nothing.

    Args:
        answer: One of `UnsignedForm.Answer`; "later" is asked again after `ASK_AGAIN`.
        offered: What stood on it so far, in words: ``to``, ``what``, ``why``, ``until``.
    """
    check_may(by, "change", client)
    program = client.compartment.scope.program
    compartment = services.open_compartment(client.subject_id, program, services.profile(program).enrolment)
    services.recompute_grants(client.subject_id)  # the compartment may be new, and its writer needs the grant
    settle(client=client, form=form, at=at)
    row = UnsignedForm(
        compartment=compartment, form=form, answer=answer, language=language, words=words, by=by, at=at,
        offered={key: text for key, text in (offered or {}).items() if text},
        ask_again_at=at + ASK_AGAIN if answer == UnsignedForm.Answer.LATER else None,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def settle(*, client: Client, form: str, at: datetime) -> None:
    """Whoever put that form off has been asked again."""
    UnsignedForm.objects.about(client.subject_id).waiting().filter(form=form).update(settled_at=at)


def _settle(draft: Draft) -> None:
    settle(client=draft.client, form=draft.kind.code, at=draft.at)


@transaction.atomic
def add_paper(*, consent: Consent, picture: Picture, by: Principal) -> SignedPaper:
    """Keep the photo of a signed paper beside its form, in the form's compartment."""
    check_may(by, "change", consent, of="encounter")
    row = SignedPaper(
        compartment=consent.compartment, consent=consent, picture=picture.content, digest=picture.digest,
        width=picture.width, height=picture.height, by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    return row
