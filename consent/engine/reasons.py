"""In which order bars are named, and which rule is named for a form that is void."""

from collections.abc import Iterator, Sequence
from typing import Final

from consent.engine import forms
from consent.engine.facts import Asked, Finding
from consent.engine.matter import Matter
from consent.engine.rules import Rule
from consent.engine.vocabulary import OWN_STAFF

# `law/rules.md` 4.2(2): the order of bars when explaining.
_ORDER: Final = {
    "cj.p2.quarantine": 0,
    "p2.proceedings.2.12d1": 1,
    "p2.consent.notes.2.31b": 2,
    "hipaa.psynotes.164.508a2": 2,
    "pa.mh.privileged": 2,
    "pa.priv.sexassault.5945.1": 2,
    "pa.priv.dv.6116": 2,
    "vs.nondisclosure": 3,
    "vs.unit": 3,
    "pa.hiv.7607": 4,
    "cj.chria.9106": 5,
    "cj.cjis": 5,
    "p2.default-deny.2.13a": 8,
    "p2.uncond.2.13b": 7,
    "pa.mh.7111": 9,
    "pa.sud.state.1690.108b": 9,
}
_BY_PRECEDENCE: Final = {0: 0, 1: 6, 2: 9}
_FORMS_OF_REGIME: Final = {
    "HIPAA": ("HIPAA-AUTH", "HIPAA-PSY", "MULTI-CONF"),
    "P2": ("P2-TPO", "P2-SPEC", "P2-NOTES", "P2-PROC", "P2-CJ35", "MULTI-CONF"),
    "VS": ("VS-REL",),
    "PA-MH": ("PA-MH", "HIPAA-PSY"),
    "PA-HIV": ("PA-HIV",),
}


def order_of_bars(rule: Rule) -> tuple[int, str]:
    """Where a bar comes when several are named."""
    return (_ORDER.get(rule.id, _BY_PRECEDENCE.get(rule.precedence, 10)), rule.id)


def reason_of_void_form(matter: Matter) -> list[str]:
    """The rules to cite where a form was offered for just this and is void. Void is absence, not refusal."""
    found: list[str] = []
    for place, consent in enumerate(matter.asked.consents):
        defects = matter.table.defects[place]
        offered = forms.covers(consent, matter.asked, matter.recipient, matter.labels)
        if offered and consent.form in _FORMS_OF_REGIME.get(matter.regime, ()) and defects:
            found += _reasons_of(consent.form, defects)
        elif (
            offered
            and matter.regime == "HIPAA"
            and consent.form == "P2-CJ35"
            and not defects
            and "revoked" in forms.health_defects(consent, matter.asked.at, matter.asked)
        ):
            found.append("hipaa.cj35.gap")
    return list(dict.fromkeys(found))


def _reasons_of(form: str, defects: tuple[str, ...]) -> list[str]:
    if form == "MULTI-CONF":
        return ["conf.multi.valid", "p2.consent.defect.2.31c"]
    if form == "P2-CJ35" and "cj35.condition" in defects:
        return ["lead.235-only-if-condition", "p2.consent.defect.2.31c"]
    if form == "P2-PROC" and "combined" in defects:
        return ["p2.consent.proceedings.2.31d", "p2.consent.defect.2.31c"]
    if form == "VS-REL":
        return ["vs.nocondition"] if {"conditioned", "v.noncond"} & set(defects) else ["vs.release"]
    if form in ("HIPAA-AUTH", "HIPAA-PSY"):
        return ["hipaa.auth.defect.164.508b2"]
    if form == "PA-MH":
        return ["pa.mh.consent.5100.34"]
    if form == "PA-HIV":
        return ["pa.hiv.consent.7607c"]
    if "p.cestmt" in defects:
        return ["p2.consent.defect.2.31c", "p2.consent.ce-statement.2.31a4iii"]
    return ["p2.consent.defect.2.31c"]


def gates_passed(asked: Asked, withheld: Sequence[Finding]) -> Iterator[str]:
    """The ids that only steer and had a say in what stays."""
    if not withheld:
        return
    regimes = {each.regime for each in withheld}
    source = asked.source
    if asked.recipient.type not in OWN_STAFF | {"individual", "personal_rep"} or asked.actor_is_police:
        yield "eng.neutral-response"
    if any(each.routed for each in withheld):
        yield "eng.counsel-hold"
    if "undetermined" in (source.p2_status, source.hipaa_legal, source.mhpa_facility, source.vs_regime):
        yield "cfg.twosided"
    if "P2" in regimes and asked.process != "none":
        yield "p2.order.effect.2.61"
    if any(each.segment == "ENROLL" for each in withheld):
        yield "eng.enroll.inherits"
        if source.program == "LEAD":
            yield "lead.intake-status"
    if asked.recipient.type == "case_conference":
        yield "conf.per-member"
