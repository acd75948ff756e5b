"""What an answer carries, in words: obligations, routes, what is wrong with a form."""

from collections.abc import Mapping
from typing import Any, Final

from clinical.bench.words import Words

OUTCOMES: Final[Mapping[str, tuple[str, str, str]]] = {
    # outcome: (kind of alert, title, sentence)
    "permit": ("success", "Permit", "All that was asked for may go."),
    "redact": ("warning", "Permit in part", "A part of what was asked for may go; the rest stays."),
    "deny": ("error", "Deny", "Nothing may go."),
}
ROUTES: Final[Words] = {
    "none": "Nobody needs to be asked",
    "privacy_officer": "To the privacy officer: a path that counsel hasn't settled",
    "counsel": "To counsel: legal process was not enough",
}
OBLIGATIONS: Final[Words] = {
    "OBL-MINNEC": "Only the necessary elements",
    "OBL-VERIFY": "Check identity and authority, and note it",
    "OBL-P2-NOTICE": "Attach the statement of 42 CFR 2.32",
    "OBL-P2-SCOPE": "Attach a copy of the consent, or explain its scope",
    "OBL-P2-USEBAR": "Mark it: no use in an investigation or proceeding against the person",
    "OBL-P2-EMERG-DOC": "Document the emergency (2.51(c)), in the same shift",
    "OBL-P2-EMERG-RESTRICT-ASK": "Ask the emergency provider not to pass it on",
    "OBL-P2-CJUSE": "To be used for that conditional release or action only",
    "OBL-ACCT-H6": "Enter it in the accounting (six years)",
    "OBL-ACCT-P2-3": "Enter it in the Part 2 accounting (three years)",
    "OBL-ACCT-INTERMED": "Enter it in the intermediary's list of disclosures",
    "OBL-ACCT-SUSPEND": "Hold the accounting back until the date named",
    "OBL-ELEMENTS-F2": "Only the elements of 164.512(f)(2)(i)",
    "OBL-ELEMENTS-C5": "Only the items of 2.12(c)(5)(ii)",
    "OBL-ORDER-SCOPE": "Only what the order names, to whom it names",
    "OBL-COUNSEL": "Reviewed by the city solicitor or conflict counsel",
    "OBL-PROF-JUDGMENT": "A named professional writes down the reasons",
    "OBL-RECORD-BASIS": "Write the facts relied on into the record",
    "OBL-NOTIFY-INDIV": "Tell the person promptly, unless that is dangerous",
    "OBL-COPY-INDIV": "Give the person a copy",
    "OBL-RETAIN-6Y": "Keep the papers for six years",
    "OBL-DENIAL-LETTER": "Send the person a letter of denial (164.524(d))",
    "OBL-NOTICE-GIVEN": "The notice was given",
    "OBL-CHILDLINE": "ChildLine at once, in writing within 48 hours",
    "OBL-PA-MH-STMT": "Attach the state's statement on mental health records",
    "OBL-PA-HIV-STMT": "Attach the state's statement on HIV-related information",
    "OBL-NEUTRAL-DENY": "Deny in the one fixed text, in the same time",
    "OBL-NOPERSIST": "For viewing only on the police side",
    "OBL-QUARANTINE": "Isolate, report, return or destroy",
    "OBL-DEID-PROOF": "Keep the proof of de-identification",
    "OBL-DUA": "Keep the data use agreement",
    "OBL-AUDIT-AGREEMENT": "Keep the auditor's agreement",
    "OBL-CONTRACT": "Keep the contract",
    "OBL-CHRIA-LOG": "Log the request (CHRIA)",
    "OBL-NONID-CHECK": "A second person confirms that nothing identifies a patient",
    "OBL-SCRUB-CJ": "Strip criminal justice content",
    "OBL-TIMEBOX": "Access ends at the stated end",
}
PARAMETERS: Final[Words] = {
    "statement": "statement", "consent": "form", "elements": "elements", "segments": "segments",
    "strip": "strip", "until": "until",
}  # fmt: skip
# What must stand on a form, by key (`law/rules.md` section 3).
ELEMENT_KEYS: Final[Words] = {
    "h.info": "what is shared", "h.from": "who may disclose", "h.to": "who may receive",
    "h.purpose": "each purpose", "h.expiry": "an end", "h.sig": "the signature",
    "h.sigdate": "the signature's date", "h.revoke": "the right to take it back",
    "h.cond": "whether services depend on signing", "h.redisc": "that it may be passed on and lose protection",
    "h.plain": "plain language and a copy",
    "p.name": "the person's name", "p.from": "who may disclose", "p.info": "what is shared",
    "p.to": "the recipients", "p.intermediary": "the intermediary and its participants",
    "p.cestmt": "the statement on covered entities (2.31(a)(4)(iii))", "p.purpose": "each purpose",
    "p.fundraise": "the opt-out from fundraising", "p.revoke": "the right to take it back",
    "p.expiry": "an end", "p.sig": "the signature", "p.date": "the signature's date",
    "p.redisc": "that it may be passed on and lose protection", "p.refuse": "what follows from refusing",
    "p.notes_only": "that it is for counseling notes only", "p.proceeding": "the proceeding",
    "p.standalone": "that it stands alone",
    "cj35.condition": "who made taking part a condition", "cj35.monitors": "who has a duty to monitor",
    "cj35.period": "the period", "cj35.revocable_on": "when it becomes revocable",
    "cj35.use": "that it is for that action only",
    "v.who": "the victim", "v.to": "one agency that receives it", "v.what": "what is shared",
    "v.why": "what for", "v.end": "an end, as a date", "v.informed": "that risks and other ways were discussed",
    "v.how": "how it is passed on", "v.sig": "the signature", "v.date": "the signature's date",
    "v.noncond": "that help doesn't depend on signing",
    "m.start": "a start", "m.end": "an end, as a date", "m.to": "who receives it", "m.purpose": "the purposes",
    "m.info": "what is shared", "m.sig": "the signature", "m.staffsig": "the staff member's signature",
    "m.verbal": "the place for verbal consent", "m.revoke": "the right to take it back",
    "v7.from": "who may disclose", "v7.to": "who may receive", "v7.subject": "the person's name",
    "v7.purpose": "the purpose", "v7.info": "how much and what kind",
    "v7.hivnamed": "that HIV-related information is named", "v7.sig": "the signature",
    "v7.date": "the signature's date", "v7.revoke": "the right to take it back", "v7.expiry": "an end",
    "c.to": "one recipient with its unit", "c.segments": "the segments", "c.purpose": "the purpose",
    "c.expiry": "an end", "c.initials": "the initials", "c.2way": "whether the recipient may answer back",
    "c.exclusions": "what is excluded",
}  # fmt: skip
DEFECTS: Final[Words] = {
    "expired": "it has ended",
    "not_yet_signed": "it wasn't signed yet",
    "naive_time": "an instant on it has no time zone",
    "revoked": "it was taken back",
    "combined": "it shares its sheet with a form that it may not",
    "conditioned": "services were made to depend on it",
    "signer": "whoever signed may not sign it",
    "forbidden_segment": "it names a segment that may not stand on it",
    "forbidden_purpose": "it names a purpose that may not stand on it",
    "unknown_form": "there is no such form",
}


def defect(key: str) -> str:
    """A defect's key in words."""
    return DEFECTS.get(key) or (f"it lacks {ELEMENT_KEYS[key]}" if key in ELEMENT_KEYS else key)


def parameters(given: Mapping[str, Any]) -> str:
    """What an obligation needs to be carried out, in words."""
    told = [
        f"{PARAMETERS.get(key, key)} {', '.join(value) if isinstance(value, list) else value}"
        for key, value in given.items()
    ]
    return "; ".join(told)
