"""The sheet: what a form says from its title to its last line, in the language that it was read in, kept with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from clinical.consents import catalog, wording
from clinical.consents.draft import Draft
from consent import services
from consent.models import Consent

EDITION: Final = 1  # of how a sheet is made of a draft


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a form opens at one recipient, in the person's words."""

    to: str
    what: str
    until: str
    stays: tuple[str, ...]  # with the form that opens it, for the worker
    opens: tuple[str, ...]  # segments
    already: bool
    is_routed: bool


def segment_words(segment: str, language: str) -> str:
    """A segment as the person would say it; a code where nobody has said it yet."""
    said = wording.SEGMENTS.get(segment)
    return said.tell(language) if said else segment


def openings_in_words(draft: Draft, openings: Iterable[services.Opening]) -> list[Shown]:
    """The engine's answer for each recipient; classes of several kinds are told once."""
    found: dict[str, Shown] = {}
    names = {(each.type, each.organization): each.words for each in draft.named}
    for each in openings:
        to = names.get((each.recipient["type"], each.recipient["organization"]), each.recipient["type"])
        shown = _shown(draft, each, to)
        if to not in found or len(shown.opens) > len(found[to].opens):
            found[to] = shown
    return list(found.values())


def _shown(draft: Draft, opening: services.Opening, to: str) -> Shown:
    language, until = draft.language, opening.until or draft.ends_at
    if opening.until and draft.ends_at:
        until = min(opening.until, draft.ends_at)
    end = wording.UNTIL_DAY.tell(language, day=wording.day(until, language)) if until else ""
    return Shown(
        to=to,
        what=", ".join(segment_words(each, language) for each in opening.opens),
        until=end or wording.NO_END.tell(language),
        stays=tuple(_staying(each) for each in opening.stays),
        opens=opening.opens,
        already=bool(opening.opens) and set(opening.already) == set(opening.opens),
        is_routed=opening.is_routed,
    )


def _staying(staying: services.Staying) -> str:
    """The segment, and which form would open it: for the worker, in English."""
    words = segment_words(staying.segment, "en")
    codes = [
        wording.FORM_OF_SEGMENT.get(staying.segment) or wording.FORM_OF_REGIME.get(each, "")
        for each in staying.regimes
    ]
    names = [catalog.KINDS[code].name.en for code in dict.fromkeys(codes) if code]
    return f"{words}: needs “{'” and “'.join(names)}”" if names else words


def sheet_of(draft: Draft, shown: Iterable[Shown] = ()) -> dict[str, Any]:
    """What is kept with the form, as JSON: nothing but texts in their order.

    ``rows`` are the answers (title, text), ``statements`` what was read out, ``opens`` the engine's preview.
    """
    language, limit = draft.language, draft.kind.ends == "limit"
    rows = [
        ("about", draft.name or draft.client.described_as),
        (
            "from",
            wording.VIA.tell(language, program=draft.program.name, office=draft.program.organization.name),
        ),
        ("kept_from" if limit else "to", draft.to_words),
        ("kept" if limit else "what", draft.what_words),
        ("why", draft.why_words),
        ("until", draft.until_words),
    ]
    told = [[wording.TITLES[key].tell(language), text] for key, text in rows if text]
    return {
        "edition": EDITION,
        "language": language,
        "reviewed": wording.is_reviewed(language),
        "title": draft.kind.name.tell(language),
        "rows": told + _own_answers(draft),
        "statements": [each.tell(language) for each in draft.kind.statements],
        "opens": [[each.to, each.what, each.until] for each in shown if each.what],
        "signing": _signing(draft),
    }


def _own_answers(draft: Draft) -> list[list[str]]:
    """The form's own questions with their answers, as they were read."""
    found = []
    for key, question in draft.kind.questions.items():
        said = draft.answers.get(key)
        if not said:
            continue
        if question.kind == "choice":
            said = question.choices[said].tell(draft.language)
        elif question.kind == "tick":
            said = wording.TITLES["yes"].tell(draft.language)
        found.append([question.words.tell(draft.language), str(said)])
    return found


def _signing(draft: Draft) -> list[list[str]]:
    sig, language = draft.signing, draft.language
    witnesses = ", ".join(filter(None, (sig.witness, sig.second_witness)))
    when = wording.ON_DAY.tell(language, day=wording.day(draft.at, language))
    rows = [
        ("signed", f"{draft.signed}, {when}" if draft.signed else ""),
        ("witness", witnesses),
        ("interpreter", draft.interpreter),
        ("taken_by", draft.by.get_full_name()),
    ]
    return [[wording.TITLES[key].tell(language), text] for key, text in rows if text]


def sheet_kept(consent: Consent, recipients: Iterable[str]) -> Mapping[str, Any]:
    """The sheet of a kept form; one that was kept without is put together of its elements, in English."""
    if consent.sheet:
        return consent.sheet
    said = consent.elements

    def first(*keys: str) -> str:
        return next((str(said[key]) for key in keys if said.get(key)), "")

    rows = [
        ("about", first("p.name", "v.who", "v7.subject")),
        ("from", first("p.from", "h.from", "v7.from")),
        ("to", "; ".join(recipients)),
        ("what", first("p.info", "h.info", "v.what", "m.info", "v7.info", "c.segments")),
        ("why", first("p.purpose", "h.purpose", "v.why", "m.purpose", "v7.purpose", "c.purpose")),
        ("until", wording.day(consent.ends_at, "en") if consent.ends_at else ""),
    ]
    statements = ("revoke", "cond", "noncond", "cestmt", "redisc", "refuse", "use", "hivnamed")
    texts = [str(text) for key, text in said.items() if key.rpartition(".")[2] in statements and text]
    signed = f"{first('p.sig', 'h.sig', 'v.sig', 'm.sig', 'v7.sig')}, {wording.day(consent.signed_at, 'en')}"
    signing = [("signed", signed), ("witness", consent.witness), ("interpreter", consent.interpreter)]
    signing.append(("taken_by", consent.explained_by.get_full_name() if consent.explained_by else ""))
    return {
        "edition": 0, "language": "en", "reviewed": True,
        "title": wording.FORM_NAMES.get(consent.form, consent.form),
        "rows": [[wording.TITLES[key].en, text] for key, text in rows if text],
        "statements": list(dict.fromkeys(texts)), "opens": [],
        "signing": [[wording.TITLES[key].en, text] for key, text in signing if text],
    }  # fmt: skip
