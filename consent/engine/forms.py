"""Consent forms: what must stand on them, when they hold, and who may sign.

Validity is computed at an instant from what the form says. A void form is absence, not
refusal, and the defects say why: a key of the form that is missing, or one of the words
in `OTHER_DEFECTS`.

Cites: 45 CFR 164.508; 42 CFR 2.31, 2.35; 34 U.S.C. 12291(b)(2); 55 Pa. Code 5100.34; 35 P.S. 7607.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from consent.engine import signers
from consent.engine.facts import Asked, Consent
from consent.engine.vocabulary import OPERATIONS, TPO, TREATMENT, Words, words

LOCAL_TIME: Final = ZoneInfo("America/New_York")

HIPAA_KEYS: Final = tuple(
    "h.info h.from h.to h.purpose h.expiry h.sig h.sigdate h.revoke h.cond h.redisc h.plain".split()
)
_SPECIFIC = tuple("p.name p.from p.info p.to p.purpose p.revoke p.expiry p.sig p.date".split())
_ABOUT_TPO = ("p.cestmt", "p.redisc", "p.refuse")

# The keys that a form always needs; `_also_needed` adds those that depend on what it says.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "HIPAA-AUTH": HIPAA_KEYS,
    "HIPAA-PSY": HIPAA_KEYS,
    "P2-TPO": (*_SPECIFIC, "p.redisc", "p.refuse"),
    "P2-SPEC": _SPECIFIC,
    "P2-NOTES": (*_SPECIFIC, "p.notes_only"),
    "P2-PROC": (*_SPECIFIC, "p.proceeding", "p.standalone"),
    "P2-CJ35": (
        *(key for key in _SPECIFIC if key != "p.revoke"),
        "cj35.condition",
        "cj35.monitors",
        "cj35.period",
        "cj35.revocable_on",
        "cj35.use",
    ),
    "VS-REL": tuple("v.who v.to v.what v.why v.end v.informed v.how v.sig v.date v.noncond".split()),
    "PA-MH": tuple("m.start m.end m.to m.purpose m.info m.sig m.staffsig m.verbal m.revoke".split()),
    "PA-HIV": tuple(
        "v7.from v7.to v7.subject v7.purpose v7.info v7.hivnamed v7.sig v7.date v7.revoke v7.expiry".split()
    ),
    "MULTI-CONF": tuple("c.to c.segments c.purpose c.expiry c.initials".split()),
    "ORAL-510B": (),
    "RESTRICT": (),
}
OPTIONAL_KEYS: Final = (*_ABOUT_TPO, "p.intermediary", "p.fundraise", "c.2way", "c.exclusions")
EVERY_KEY: Final = frozenset(OPTIONAL_KEYS).union(*KEYS.values())
OTHER_DEFECTS: Final = words(
    "expired not_yet_signed naive_time revoked combined conditioned signer forbidden_segment forbidden_purpose unknown_form"
)
PART2_FORMS: Final = words("P2-TPO P2-SPEC P2-NOTES P2-PROC P2-CJ35 MULTI-CONF")

# 42 CFR 2.31(a)(4)(iii) speaks of covered entities and business associates: these never are.
_NEVER_COVERED = words(
    "treating_provider_nonce social_service_org landlord_housing family_involved employer court"
)
NOT_FOR_TPO: Final = words(
    "law_enforcement le_co_response_partner corrections prosecutor court probation_parole employer landlord_housing "
    "police_app_user"
)
_CAPPED_180 = words(
    "law_enforcement le_co_response_partner corrections prosecutor court probation_parole landlord_housing"
)
_POLICE_LINE = words("law_enforcement le_co_response_partner prosecutor police_app_user")
_PUBLIC_LINE = words(
    "employer media_public elected_official insurer_nonhealth contractor vendor_no_agreement"
)
_NEVER_IN_CONFERENCE = words("SUDP2N PSYNOTE VSP PROTADDR")
_NEVER_TO_POLICE = words("MH MHPA COMMIT SUDP2 SUDNP2 RISK HIV")
_HEALTH = words("MED MH MHPA COMMIT RISK SUDP2 SUDNP2 HIV STI REPRO GEN SDV EMS BILL")
PROCEEDINGS: Final = words("X-PROCEEDING X-LE-INVESTIGATE X-LE-PROCESS HLEGAL X-CJ-MONITOR")
# What a purpose named on a general consent takes in (45 CFR 164.501: treatment includes coordination).
_UNDER: Final[Mapping[str, Words]] = {"TREAT": TREATMENT, "HPAYMT": words("HPAYMT"), "HOPERAT": OPERATIONS}
_DISPOSED: Final = words(
    "final_disposition disposition dismissal charge_dismissed case_closed withdrawal_of_condition condition_withdrawn"
)

# Section 3.10: with which forms each may share a sheet. Where two may not, the form that must
# stand alone is void; a general or specific Part 2 consent stands by itself (2.31(d) voids the other).
_MAY_SHARE: Final[Mapping[str, Words]] = {
    "HIPAA-AUTH": words(
        "HIPAA-AUTH P2-TPO P2-SPEC P2-PROC P2-CJ35 PA-MH PA-HIV MULTI-CONF ORAL-510B RESTRICT"
    ),
    "HIPAA-PSY": words("HIPAA-PSY"),
    "P2-NOTES": words("P2-NOTES"),
    "P2-PROC": words("HIPAA-AUTH"),
    "P2-CJ35": words("HIPAA-AUTH"),
    "VS-REL": words(""),
    "MULTI-CONF": words("MULTI-CONF HIPAA-AUTH P2-SPEC PA-MH PA-HIV"),
}


def missing(consent: Consent, keys: tuple[str, ...]) -> list[str]:
    """Which of the keys aren't on the form."""
    if consent.elements is not None:
        return [key for key in keys if key not in consent.elements]
    return [key for key in keys if key in consent.elements_missing]


def _also_needed(consent: Consent) -> tuple[str, ...]:
    """Keys that depend on what the form says: 42 CFR 2.31(a)(4)(ii)-(iii), (10)."""
    if consent.form not in ("P2-TPO", "P2-SPEC", "P2-NOTES"):
        return ()
    is_tpo = consent.form == "P2-TPO" or bool(consent.purposes & TPO)
    needed = ("p.redisc", "p.refuse") if is_tpo and consent.form == "P2-SPEC" else ()
    if is_tpo and consent.form != "P2-NOTES" and not _only_uncovered(consent):
        needed = (*needed, "p.cestmt")
    return (*needed, "p.intermediary") if "intermediary" in types_named(consent) else needed


def types_named(consent: Consent) -> Words:
    """The types of recipient on the form."""
    return frozenset(consent.recipients) | {type_ for type_, _id in consent.lines}


def _only_uncovered(consent: Consent) -> bool:
    named = types_named(consent)
    return bool(named) and named <= _NEVER_COVERED


def _end_is_wanting(consent: Consent) -> str | None:
    """The key of a missing end. "None" is enough for TPO and research alone."""
    form, named = consent.form, consent.ends_at is not None or bool(consent.end_event)
    if form == "P2-TPO" or (form == "P2-SPEC" and consent.purposes and consent.purposes <= TPO | {"HRESCH"}):
        return None
    if form in ("P2-SPEC", "P2-NOTES", "P2-PROC", "P2-CJ35"):
        return None if named else "p.expiry"
    if form in ("HIPAA-AUTH", "HIPAA-PSY"):
        return None if named or consent.purposes == {"HRESCH"} else "h.expiry"
    if form in ("VS-REL", "PA-MH"):  # a date and nothing else: open-ended is void
        return None if consent.ends_at is not None else {"VS-REL": "v.end", "PA-MH": "m.end"}[form]
    if form in ("PA-HIV", "MULTI-CONF"):
        return None if named else {"PA-HIV": "v7.expiry", "MULTI-CONF": "c.expiry"}[form]
    return None


def longest_life(consent: Consent) -> timedelta | None:
    """The local maximum (section 6); a longer form isn't void, it is capped there."""
    if consent.form == "P2-SPEC":
        return timedelta(days=180 if types_named(consent) & _CAPPED_180 else 365)
    days = {"MULTI-CONF": 180, "VS-REL": 30, "PA-MH": 365}.get(consent.form)
    return None if days is None else timedelta(days=days)


def end_of(consent: Consent) -> datetime | None:
    """The instant from which it holds no longer, by its own words or by the local maximum."""
    longest = longest_life(consent)
    if longest is None:
        return consent.ends_at
    # days are counted on the wall, so that a change of clocks doesn't move the date
    cap = (consent.signed_at.astimezone(LOCAL_TIME) + longest).astimezone(consent.signed_at.tzinfo)
    return cap if consent.ends_at is None else min(cap, consent.ends_at)


def _event_has_come(consent: Consent, asked: Asked | None) -> bool:
    if asked is None or not consent.end_event:
        return False
    if consent.end_event in _DISPOSED and asked.shows("final_disposition_reached"):
        return True
    return asked.shows(consent.end_event)


def is_revoked(consent: Consent, at: datetime, asked: Asked | None = None) -> bool:
    """Was it taken back, with effect, at or before ``at``?

    Any way of saying so is honoured at once, in writing or not (CR-06). A 2.35 consent
    holds until the time or event that it names; a revocation before it is recorded and
    has no effect under Part 2 (2.35(c)).
    """
    if consent.revoked_at is None or consent.revoked_at > at:
        return False
    if consent.form != "P2-CJ35" or consent.revocable_on is None:
        return True
    if isinstance(consent.revocable_on, datetime):
        return at >= consent.revocable_on
    disposed = asked is not None and asked.shows("final_disposition_reached")
    return disposed or (asked is not None and asked.shows(consent.revocable_on))


def turns_of(consent: Consent) -> tuple[datetime, ...]:
    """The instants, in order, at which the form may begin or cease to hold by the clock alone.

    Between two of them nothing that is said of it here changes with the clock.
    """
    if _is_naive(consent):
        return ()  # void for good
    by_the_form = consent.revocable_on if isinstance(consent.revocable_on, datetime) else None
    turns = (consent.signed_at, end_of(consent), consent.revoked_at, by_the_form)
    return tuple(sorted({each for each in turns if each is not None}))


def _is_naive(consent: Consent) -> bool:
    instants = (consent.signed_at, consent.ends_at, consent.revoked_at, consent.revocable_on)
    return any(isinstance(each, datetime) and each.utcoffset() is None for each in instants)


def _defects_of_time(consent: Consent, at: datetime, asked: Asked | None) -> list[str]:
    if _is_naive(consent):
        return ["naive_time"]  # an instant without a zone is no instant
    found = []
    if at < consent.signed_at:
        found.append("not_yet_signed")
    end = end_of(consent)
    if (end is not None and end <= at) or _event_has_come(consent, asked):
        found.append("expired")
    if is_revoked(consent, at, asked):
        found.append("revoked")
    return found


def _defects_of_company(consent: Consent) -> list[str]:
    """Combined with what it may not be, or made a condition of services."""
    found = []
    allowed = _MAY_SHARE.get(consent.form)
    if allowed is not None and not set(consent.combined_with) <= allowed:
        found.append("combined")
    if consent.conditioned_on_services and consent.form in (
        "HIPAA-AUTH",
        "HIPAA-PSY",
        "P2-NOTES",
        "VS-REL",
        "MULTI-CONF",
    ):
        found.append("conditioned")
    return found


def _defects_of_conference(consent: Consent) -> list[str]:
    """A line names one recipient, and nothing that may never stand on it (section 3.9)."""
    found, named = [], types_named(consent)
    if len(consent.lines or consent.recipients) > 1 or len(consent.recipient_ids) > 1:
        found.append("c.to")
    forbidden = set(_NEVER_IN_CONFERENCE)
    forbidden |= _NEVER_TO_POLICE if named & _POLICE_LINE else set()
    forbidden |= _HEALTH if named & _PUBLIC_LINE else set()
    if consent.segments & forbidden:
        found.append("forbidden_segment")
    if consent.purposes & PROCEEDINGS or any(each.startswith("X-LE-") for each in consent.purposes):
        found.append("forbidden_purpose")
    return found


def _defects_of_monitoring(consent: Consent, asked: Asked | None) -> list[str]:
    """A 2.35 consent needs a condition, and a recipient with a duty to monitor it."""
    if asked is None:
        return []
    found = [] if asked.shows("cj_condition") else ["cj35.condition"]
    if asked.recipient.type in types_named(consent) and not asked.shows("recipient_monitoring_duty"):
        found.append("cj35.monitors")
    return found


def defects(consent: Consent, at: datetime, asked: Asked | None = None) -> tuple[str, ...]:
    """Why the form is void at ``at``; nothing if it is valid.

    Without ``asked`` nothing is said of what depends on the facts of a question: who may
    sign for somebody else, and whether a condition exists.
    """
    if consent.form not in KEYS:
        return ("unknown_form",)
    needed = (*KEYS[consent.form], *_also_needed(consent))
    found = missing(consent, needed) + _defects_of_time(consent, at, asked) + _defects_of_company(consent)
    wanting = _end_is_wanting(consent)
    found += [wanting] if wanting else []
    if consent.form == "VS-REL" and (len(types_named(consent)) > 1 or len(consent.recipient_ids) > 1):
        found.append("v.to")  # one release, one agency
    if consent.form == "MULTI-CONF":
        found += _defects_of_conference(consent)
    if consent.form == "P2-CJ35":
        found += _defects_of_monitoring(consent, asked)
    if not signers.may_sign(consent, asked):
        found.append("signer")
    return tuple(sorted(set(found)))


def health_defects(consent: Consent, at: datetime, asked: Asked | None = None) -> tuple[str, ...]:
    """Why the form doesn't also meet 45 CFR 164.508(c); nothing if it does.

    A written revocation ends this leg at once, also of a 2.35 consent that Part 2 holds
    irrevocable, unless a court order supports the reporting (hipaa.cj35.gap, CR-29).
    """
    found = missing(consent, HIPAA_KEYS)
    if consent.conditioned_on_services:
        found.append("conditioned")
    if not signers.may_sign(consent, asked, under="HIPAA"):
        found.append("signer")
    is_ordered = asked is not None and asked.process == "court_order"
    if consent.form == "P2-CJ35" and revoked_in_writing(consent, at) and not is_ordered:
        found.append("revoked")
    return tuple(sorted(set(found)))


def revoked_in_writing(consent: Consent, at: datetime) -> bool:
    """Taken back on paper, or in a way nobody wrote down, which counts as such."""
    return (
        consent.revoked_at is not None
        and consent.revoked_at <= at
        and consent.revoked_how not in ("oral", "phone")
    )


def names(consent: Consent, type_: str, ids: frozenset[str]) -> bool:
    """Does the form name that recipient: by type, and by organization or person where it names those?"""
    if consent.lines:
        return any(kind == type_ and (not id_ or id_ in ids) for kind, id_ in consent.lines)
    if not consent.recipients and not consent.recipient_ids:
        return False
    by_type = not consent.recipients or type_ in consent.recipients
    by_id = not consent.recipient_ids or bool(ids & set(consent.recipient_ids))
    return by_type and by_id


def covers_purpose(consent: Consent, purpose: str) -> bool:
    """Is the purpose on the form? A general consent names treatment, payment and operations as families."""
    if consent.form != "P2-TPO":
        return purpose in consent.purposes
    return any(purpose in _UNDER.get(each, {each}) for each in consent.purposes & TPO)


def covers(consent: Consent, asked: Asked, type_: str, labels: Words) -> bool:
    """Does the form speak of this source, recipient, segment and purpose, whether or not it is valid?"""
    ids = frozenset({asked.recipient.id, asked.recipient.organization} - {""})
    if consent.form == "P2-TPO" and type_ in NOT_FOR_TPO:
        return False  # void for the part concerned: no recipient of treatment, payment or operations
    reach = {"P2-NOTES": {"SUDP2N"}, "HIPAA-PSY": {"PSYNOTE"}}.get(consent.form)
    segments = consent.segments if reach is None else consent.segments & reach
    if reach is None and consent.form != "P2-NOTES":
        segments = segments - {"SUDP2N"}
    if consent.form != "HIPAA-PSY":
        segments = segments - {"PSYNOTE"} if consent.form != "PA-MH" else segments
    return (
        asked.source.program in consent.sources
        and bool(segments & labels)
        and covers_purpose(consent, asked.purpose)
        and names(consent, type_, ids)
    )
