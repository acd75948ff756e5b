"""What a release must carry or do before it may go out. What can't be done here refuses the release.

The decision names obligations; each is fulfilled by something that is true of every
release (it is built from permitted segments only, its receipt is the accounting's entry),
by words that travel with it, or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from consent.law import part2

# Fulfilled by how every release is made and kept.
BY_CONSTRUCTION: Mapping[str, str] = {
    "OBL-MINNEC": "built up from the segments permitted, with the fields named for the purpose",
    "OBL-VERIFY": "the recipient's machine signs an assertion with a registered key before each read",
    "OBL-RECORD-BASIS": "the release and its receipt keep rules and consents",
    "OBL-ACCT-H6": "the receipt in the ledger is the accounting's entry",
    "OBL-ACCT-P2-3": "the receipt in the ledger is the accounting's entry",
    "OBL-RETAIN-6Y": "consents and releases are not deleted",
    "OBL-COPY-INDIV": "whoever takes the form gives the client a copy, which the form records",
    "OBL-TIMEBOX": "decided again at each read",
    "OBL-NEUTRAL-DENY": "the release names what goes and says nothing of what stays",
    "OBL-NOPERSIST": "read through the API, decided again at each read",
}
USE_BAR = (
    "These records, and testimony relaying their content, may not be used or disclosed in any civil, "
    "criminal, administrative, or legislative proceeding against the patient without the patient's "
    "written consent or a court order under 42 CFR part 2, subpart E (42 CFR 2.12(d)(1))."
)
STATE_STATEMENTS = frozenset({"OBL-PA-MH-STMT", "OBL-PA-HIV-STMT"})


class CannotFulfil(Exception):
    """An obligation that this release can't meet; ``code`` names it, ``reason`` says what is missing."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(kw_only=True)
class Carried:
    """What travels with the release because of its obligations."""

    notices: list[dict[str, str]] = field(default_factory=list)
    obligations: list[str] = field(default_factory=list)
    consent_scope: list[dict[str, Any]] = field(default_factory=list)


def fulfil(obligations: Sequence[Any], consents: Sequence[Any], used: Sequence[Any]) -> Carried:
    """Everything that the obligations of a decision ask the release to carry.

    Args:
        obligations: The decision's.
        consents: The forms that the question held.
        used: The ids of those that the answer rests on.

    Raises:
        CannotFulfil: one of them can't be met.
    """
    carried = Carried()
    for obligation in obligations:
        said = obligation.as_json()
        code, parameters = said["code"], said.get("with") or {}
        if code not in carried.obligations:
            carried.obligations.append(code)
        if code == "OBL-P2-NOTICE":
            _add_notice(carried, code, part2.NOTICE_2_32[int(parameters.get("statement", 1))])
        elif code == "OBL-P2-USEBAR":
            _add_notice(carried, code, USE_BAR)
        elif code == "OBL-P2-SCOPE":
            carried.consent_scope = _scope_of(consents, used)
        elif code in STATE_STATEMENTS:
            _add_notice(carried, code, _state_statement(code))
        elif code not in BY_CONSTRUCTION:
            raise CannotFulfil(code, "a release through the partner API can't fulfil it")
    return carried


def _add_notice(carried: Carried, code: str, text: str) -> None:
    notice = {"code": code, "text": text}
    if notice not in carried.notices:
        carried.notices.append(notice)


def _state_statement(code: str) -> str:
    text = str(settings.STATE_STATEMENTS.get(code, "")).strip()
    if not text:
        raise CannotFulfil(code, "the State's statement has no text in the settings")
    return text


def _scope_of(consents: Sequence[Any], used: Sequence[Any]) -> list[dict[str, Any]]:
    """A clear explanation of what the consents cover: form, segments, purposes, until when.

    Cites: 42 CFR 2.32(b).
    """
    wanted = {str(each) for each in used}
    return [
        {
            "form": consent.form,
            "segments": sorted(consent.segments),
            "purposes": sorted(consent.purposes),
            "signed_at": consent.signed_at.isoformat(),
            "ends_at": consent.ends_at.isoformat() if consent.ends_at else None,
            "end_event": consent.end_event or "",
        }
        for consent in consents
        if str(consent.id) in wanted
    ]
