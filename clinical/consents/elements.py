"""What stands on a form under each of the law's keys (`law/rules.md` section 3): empty where nothing was said.

A form is valid by these and not by a tick: the engine asks which keys are there. Statements are there
because they were shown and read; answers because somebody gave them.
"""

from typing import TYPE_CHECKING, Any

from clinical.consents import statements as st
from clinical.consents import wording
from clinical.consents.said import Said

if TYPE_CHECKING:
    from clinical.consents.draft import Draft

Elements = dict[str, Any]
_ABOUT_CONDITIONS = (st.CONDITION, st.NOTES_FREE, st.CONDITION_MONITOR, st.VICTIM_FREE)
_ABOUT_REVOKING = (st.REVOKE, st.REVOKE_LINES, st.REVOKE_PROCEEDING, st.VICTIM_REVOKE, st.MONITOR_HIPAA)


def elements_of(draft: "Draft", *, initials: str = "") -> Elements:
    """The elements of one form, for each law that it answers to."""
    makers = {
        "hipaa": _hipaa, "part2": _part2, "tpo": _tpo, "notes": _notes, "proceeding": _proceeding,
        "monitor": _monitor, "victims": _victims, "minds": _minds, "hiv": _hiv,
    }  # fmt: skip
    found: Elements = {}
    for family in draft.kind.families:
        found |= _conference(draft, initials) if family == "conference" else makers[family](draft)
    return found


def _stands(draft: "Draft", *texts: Said) -> str:
    """The first of these statements that the form has."""
    return next((each.tell(draft.language) for each in texts if each in draft.kind.statements), "")


def _common(draft: "Draft") -> dict[str, str]:
    signed = draft.signed
    office = draft.program.organization.name
    return {
        "name": draft.name,
        "from": wording.VIA.tell(draft.language, program=draft.program.name, office=office),
        "to": draft.to_words,
        "info": draft.what_words,
        "purpose": draft.why_words,
        "expiry": draft.until_words,
        "sig": signed,
        "date": draft.at.isoformat() if signed else "",
    }


def _hipaa(draft: "Draft") -> Elements:
    """45 CFR 164.508(c)."""
    said = _common(draft)
    return {
        "h.info": said["info"], "h.from": said["from"], "h.to": said["to"], "h.purpose": said["purpose"],
        "h.expiry": said["expiry"], "h.sig": said["sig"], "h.sigdate": said["date"],
        "h.revoke": _stands(draft, *_ABOUT_REVOKING), "h.cond": _stands(draft, *_ABOUT_CONDITIONS),
        "h.redisc": _stands(draft, st.REDISCLOSE),
        "h.plain": wording.COPY_OFFERED.tell(draft.language) if draft.copy_offered else "",
    }  # fmt: skip


def _part2(draft: "Draft") -> Elements:
    """42 CFR 2.31(a); a report to a monitor has no right to revoke at any time (2.35)."""
    said = _common(draft)
    found = {
        f"p.{key}": said[key] for key in ("name", "from", "info", "to", "purpose", "expiry", "sig", "date")
    }
    if "monitor" not in draft.kind.families:
        found["p.revoke"] = _stands(draft, *_ABOUT_REVOKING)
    return found


def _tpo(draft: "Draft") -> Elements:
    """42 CFR 2.31(a)(4)(iii), (10): where the purpose is treatment, payment or operations."""
    return {
        "p.cestmt": _stands(draft, st.COVERED),
        "p.redisc": _stands(draft, st.PART2_REDISCLOSE),
        "p.refuse": _stands(draft, *_ABOUT_CONDITIONS),
    }


def _notes(draft: "Draft") -> Elements:
    """42 CFR 2.31(b): these notes and nothing else."""
    return {"p.notes_only": all(each.segments == ("SUDP2N",) for each in draft.information)}


def _proceeding(draft: "Draft") -> Elements:
    """42 CFR 2.31(d): one proceeding, on an instrument of its own."""
    answers = draft.answers
    keys = ("court", "docket", "role", "testimony", "counsel")
    told = [_answer(draft, key) for key in keys]
    whole = all(told) and bool(answers.get("advice"))
    return {
        "p.proceeding": "; ".join(told) if whole else "",
        "p.standalone": _stands(draft, st.PROCEEDING_ONLY),
    }


def _answer(draft: "Draft", key: str) -> str:
    """An answer in words: a choice as it stood there."""
    said, question = draft.answers.get(key), draft.kind.questions[key]
    if question.kind == "choice":
        return question.choices[said].tell(draft.language) if said in question.choices else ""
    return str(said or "")


def _monitor(draft: "Draft") -> Elements:
    """42 CFR 2.35: ``cj35.revocable_on`` is an event, or the day that the form ends."""
    when, ends_at = draft.answers.get("revocable"), draft.ends_at
    revocable_on = "final_disposition" if when == "final_disposition" else ""
    if when == "the_end" and ends_at is not None:
        revocable_on = ends_at.isoformat()
    return {
        "cj35.condition": _answer(draft, "condition"),
        "cj35.monitors": draft.to_words if draft.answers.get("monitors") else "",
        "cj35.period": draft.until_words if ends_at else "",
        "cj35.revocable_on": revocable_on,
        "cj35.use": _stands(draft, st.MONITOR_USE),
    }


def _victims(draft: "Draft") -> Elements:
    """34 U.S.C. 12291(b)(2): informed, written, reasonably time-limited, to one."""
    said, language = _common(draft), draft.language
    limits = draft.answers.get("limits")
    how = [_answer(draft, "how") or wording.choices.CHANNELS["secure"].tell(language)]
    how.append(
        wording.NOT_SAFE.tell(language, limits=limits) if limits else wording.NEVER_WRITTEN.tell(language)
    )
    return {
        "v.who": said["name"] or draft.client.described_as, "v.to": said["to"], "v.what": said["info"],
        "v.why": str(draft.answers.get("why_words") or "") or said["purpose"], "v.end": said["expiry"],
        "v.informed": wording.TALKED.tell(language) if draft.informed else "", "v.how": "; ".join(how),
        "v.sig": said["sig"], "v.date": said["date"], "v.noncond": _stands(draft, st.VICTIM_FREE),
    }  # fmt: skip


def _minds(draft: "Draft") -> Elements:
    """55 Pa. Code 5100.34(f): a start and an end, and who took it signs as well."""
    said, language, sig = _common(draft), draft.language, draft.signing
    by_voice = wording.BY_VOICE.tell(language, one=sig.witness, two=sig.second_witness)
    spoken = by_voice if sig.by_voice and sig.has_two_witnesses else ""
    by_hand = bool(said["sig"]) and not sig.by_voice
    return {
        "m.start": wording.FROM_TODAY.tell(language, day=wording.day(draft.at, language)),
        "m.end": said["expiry"] if draft.ends_at else "", "m.to": said["to"], "m.purpose": said["purpose"],
        "m.info": said["info"], "m.sig": said["sig"],
        "m.staffsig": wording.STAFF_SIGNED.tell(language, name=draft.by.get_full_name()) if sig.staff else "",
        "m.verbal": wording.BY_HAND_INSTEAD.tell(language) if by_hand else spoken,
        "m.revoke": _stands(draft, st.REVOKE),
    }  # fmt: skip


def _hiv(draft: "Draft") -> Elements:
    """35 P.S. 7607(c)."""
    said = _common(draft)
    return {
        "v7.from": said["from"], "v7.to": said["to"], "v7.subject": said["name"], "v7.purpose": said["purpose"],
        "v7.info": said["info"], "v7.hivnamed": _stands(draft, st.HIV_NAMED), "v7.sig": said["sig"],
        "v7.date": said["date"], "v7.revoke": _stands(draft, st.REVOKE), "v7.expiry": said["expiry"],
    }  # fmt: skip


def _conference(draft: "Draft", initials: str) -> Elements:
    """`law/rules.md` 3.9: one line of the sheet."""
    said, language = _common(draft), draft.language
    left_out = str(draft.answers.get("exclusions") or "")
    return {
        "c.to": said["to"] if all(each.unit for each in draft.named) else "", "c.segments": said["info"],
        "c.purpose": said["purpose"], "c.expiry": said["expiry"], "c.initials": initials,
        "c.2way": wording.MAY_ANSWER.tell(language) if draft.answers.get("two_way") else "",
        "c.exclusions": "; ".join(filter(None, (left_out, wording.ONLY_TO_THEM.tell(language)))),
    }  # fmt: skip
