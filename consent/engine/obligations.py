"""What whoever lets something out must do, and until when the answer holds.

Cites: 42 CFR 2.12(d)(1), 2.32, 2.51(c); 45 CFR 164.514, 164.524(d), 164.528; `law/rules.md` 4.6.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from consent.engine import forms
from consent.engine.elements import C5, F2, Kept, Limits
from consent.engine.facts import NOTHING, Asked, Consent, Obligation
from consent.engine.vocabulary import MODIFIERS, OWN_STAFF, POLICE_RECIPIENTS, words

if TYPE_CHECKING:
    from consent.engine.decide import Examined

EMERGENCY_LASTS: Final = timedelta(hours=24)
POLICE_VIEW_LASTS: Final = timedelta(days=7)
_EMERGENCY: Final = ("p2.emergency.", "pa.mh.emerg.", "p2.restrict.emerg.")
# 2.12(c)(5)-(6) lift the restrictions on use as well; these others let out nothing under Part 2.
_NO_USE_BAR: Final = words("p2.premises.2.12c5 p2.childabuse.2.12c6 p2.nonidentifying p2.publichealth.2.54")
_DENIAL_LETTER: Final = words("individual personal_rep")
_NOTHING_SAID: Final = OWN_STAFF | words("rtkl_requester")


def of_refusal(asked: Asked) -> tuple[Obligation, ...]:
    """What a denial carries: one fixed text outside, a letter to the person, nothing to own staff."""
    code = _of_denial(asked.recipient.type, asked.actor_is_police)
    return (Obligation(code=code),) if code else ()


def _of_denial(recipient: str, actor_is_police: bool) -> str:
    if recipient in _DENIAL_LETTER:
        return "OBL-DENIAL-LETTER"
    if recipient in _NOTHING_SAID and not actor_is_police:
        return ""
    return "OBL-NEUTRAL-DENY"


def of(
    asked: Asked,
    recipient: str,
    released: Mapping[str, Kept],
    examined: Mapping[str, Sequence["Examined"]],
    limits: Limits,
) -> tuple[Obligation, ...]:
    """The union over the basis, with what standing bars and the recipient add; sorted by code."""
    codes = {
        code
        for kept in released.values()
        for matches in kept.values()
        for match in matches
        for code in match.obliges
    }
    codes |= {
        code
        for found in examined.values()
        for each in found
        for rule in each.standing
        for code in rule.obliges
    }
    if any(_carries_use_bar(kept, recipient) for kept in released.values()):
        codes.add("OBL-P2-USEBAR")
    if released and recipient in POLICE_RECIPIENTS and not asked.source.is_police:
        codes.add("OBL-NOPERSIST")  # eng.nopersist.police
    if asked.shows("treating_emergency_needs_restricted"):
        codes |= {
            code
            for segment in released
            for each in examined[segment]
            for rule in each.lifted
            for code in rule.obliges_when_lifted
        }
    if asked.segments - MODIFIERS - set(released):
        code = _of_denial(recipient, recipient != asked.recipient.type)
        codes |= {code} if code else set()
    consents = _consents(released)
    return tuple(
        obligation for code in sorted(codes) for obligation in _with_parameters(code, asked, consents, limits)
    )


def _carries_use_bar(kept: Kept, recipient: str) -> bool:
    """Part 2 content on its way out carries the bar on use, however it got out."""
    if recipient in OWN_STAFF | {"individual", "hhs"}:
        return False
    return any(match.rule.id not in _NO_USE_BAR for match in kept.get("P2", ()))


def _consents(released: Mapping[str, Kept]) -> list[Consent]:
    found = {
        consent.id: consent
        for kept in released.values()
        for matches in kept.values()
        for match in matches
        for consent in match.consents
    }
    return [found[id_] for id_ in sorted(found)]


def _with_parameters(
    code: str, asked: Asked, consents: Sequence[Consent], limits: Limits
) -> list[Obligation]:
    """The obligation with what it needs to be carried out."""
    if code == "OBL-P2-SCOPE":
        part2 = [each for each in consents if each.form in forms.PART2_FORMS]
        return [Obligation(code=code, parameters={"consent": each.id}) for each in part2] or [
            Obligation(code=code)
        ]
    if code == "OBL-TIMEBOX":
        ends = [end for each in consents if each.form == "VS-REL" and (end := forms.end_of(each))]
        return [Obligation(code=code, parameters={"until": min(ends).isoformat()} if ends else NOTHING)]
    return [Obligation(code=code, parameters=_parameters(code, asked, limits))]


def _parameters(code: str, asked: Asked, limits: Limits) -> Mapping[str, Any]:
    if code == "OBL-P2-NOTICE":
        return {
            "statement": 1
        }  # the full one is right toward anybody; 2.32(a)(2) is for where space is short
    if code == "OBL-ELEMENTS-F2":
        return {"elements": sorted(F2)}
    if code == "OBL-ELEMENTS-C5":
        return {"elements": sorted(C5)}
    if code == "OBL-ORDER-SCOPE" and asked.value("order_scope"):
        return {"segments": sorted(asked.value("order_scope"))}
    if code == "OBL-SCRUB-CJ" and limits.stripped:
        return {"strip": list(limits.stripped)}
    return NOTHING


def expiry_of(asked: Asked, recipient: str, released: Mapping[str, Kept]) -> datetime | None:
    """The earliest end in the basis: forms, determinations, 24 hours for emergencies, 7 days for police."""
    if not released:
        return None
    ends = [forms.end_of(consent) for consent in _consents(released)]
    ends.append(asked.source.valid_until)
    rules = {match.rule.id for kept in released.values() for found in kept.values() for match in found}
    if any(id_.startswith(_EMERGENCY) for id_ in rules):
        ends.append(asked.at + EMERGENCY_LASTS)
    if recipient in POLICE_RECIPIENTS and not asked.source.is_police:
        ends.append(asked.at + POLICE_VIEW_LASTS)
    if asked.break_glass is not None:
        ends.append(asked.break_glass.ends_at)
    return min((end.astimezone(UTC) for end in ends if end is not None), default=None)
