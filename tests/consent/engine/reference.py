"""A second evaluator of Appendix A: slow, table-driven, and independent of the engine.

It reads the question's values and shares no code with what it checks. Which permit matches and which bar
stands is in `table`; here are the few conditions that the table says in words, the forms, and the walk.
"""

import re
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.consent.engine.table import BARS, GROUPS, PERMITS

NEW_YORK = ZoneInfo("America/New_York")
POLICE_ROLES = "cr_officer police_officer police_detective police_supervisor crime_analyst".split()
TPO, PHI = GROUPS["TPO"].split(), GROUPS["PHI"].split()
OF_A_UNIT = "DEM LOC CASE MED MH RISK BILL".split()
PROVIDERS = [*GROUPS["MEDIC"].split(), "part2_program_other", "och_other_program"]
JUSTICE = "prosecutor court law_enforcement probation_parole".split()
MANDATES = "attorney_subpoena da_subpoena admin_subpoena judicial_subpoena grand_jury arrest_warrant search_warrant court_order".split()
ORDERS = "court_order p2_order_2.64 p2_order_2.65 p2_order_2.66 p2_order_2.67 common_pleas_1690.108 order_7608".split()
FAMILIES = {"TREAT": GROUPS["CARE"].split(), "HPAYMT": ["HPAYMT"], "HOPERAT": GROUPS["OPS"].split()}
P2_FORMS = "P2-TPO P2-SPEC P2-NOTES P2-PROC P2-CJ35 MULTI-CONF".split()
BASIC = "p.name p.from p.info p.to p.purpose p.expiry p.sig p.date".split()
KEYS = {
    "HIPAA-AUTH": "h.info h.from h.to h.purpose h.expiry h.sig h.sigdate h.revoke h.cond h.redisc h.plain".split(),
    "P2-TPO": [*BASIC, "p.revoke", "p.redisc", "p.refuse"],
    "P2-SPEC": [*BASIC, "p.revoke"],
    "P2-NOTES": [*BASIC, "p.revoke", "p.notes_only"],
    "P2-PROC": [*BASIC, "p.revoke", "p.proceeding", "p.standalone"],
    "P2-CJ35": [*BASIC, *"cj35.condition cj35.monitors cj35.period cj35.revocable_on cj35.use".split()],
    "VS-REL": "v.who v.to v.what v.why v.end v.informed v.how v.sig v.date v.noncond".split(),
    "PA-MH": "m.start m.end m.to m.purpose m.info m.sig m.staffsig m.verbal m.revoke".split(),
    "PA-HIV": "v7.from v7.to v7.subject v7.purpose v7.info v7.hivnamed v7.sig v7.date v7.revoke v7.expiry".split(),
    "MULTI-CONF": "c.to c.segments c.purpose c.expiry c.initials".split(),
}
KEYS["HIPAA-PSY"] = KEYS["HIPAA-AUTH"]
NEEDS_END = {
    "P2-SPEC",
    "P2-NOTES",
    "P2-PROC",
    "P2-CJ35",
    "HIPAA-AUTH",
    "HIPAA-PSY",
    "VS-REL",
    "PA-MH",
    "PA-HIV",
    "MULTI-CONF",
}
ALONE = {
    "HIPAA-PSY": ["HIPAA-PSY"], "P2-NOTES": ["P2-NOTES"], "P2-PROC": ["HIPAA-AUTH"], "P2-CJ35": ["HIPAA-AUTH"],
    "VS-REL": [], "MULTI-CONF": "MULTI-CONF HIPAA-AUTH P2-SPEC PA-MH PA-HIV".split(),
    "HIPAA-AUTH": "HIPAA-AUTH P2-TPO P2-SPEC P2-PROC P2-CJ35 PA-MH PA-HIV MULTI-CONF ORAL-510B RESTRICT".split(),
}  # fmt: skip
SHORT_LIVED = "law_enforcement le_co_response_partner corrections prosecutor court probation_parole landlord_housing".split()
NOT_TPO = "law_enforcement le_co_response_partner corrections prosecutor court probation_parole employer landlord_housing police_app_user".split()
PUBLIC = {
    "employer",
    "media_public",
    "elected_official",
    "insurer_nonhealth",
    "contractor",
    "vendor_no_agreement",
}
NEVER_COVERED = {
    "treating_provider_nonce",
    "social_service_org",
    "landlord_housing",
    "family_involved",
    "employer",
    "court",
}


@cache
def rows(text):
    """The table's rows: id, regimes, recipients, segments, and the rest; groups written out."""

    def listed(cell):
        return (
            None
            if cell == "*"
            else {word for each in cell.split() for word in GROUPS.get(each, each).split()}
        )

    found = []
    for line in filter(None, text.splitlines()):
        id_, regimes, to, of, *rest = [cell.strip() for cell in line.split(";")]
        found.append((id_, listed(regimes), listed(to), listed(of), rest))
    return found


@cache
def compiled(facts):
    """The facts column as a Python expression over `Look`."""
    tokens = re.findall(r"[()&|]|[^\s()&|]+", facts)
    words = {"&": "and", "|": "or", "(": "(", ")": ")"}
    return compile(" ".join(words.get(t) or f"look.term({t!r})" for t in tokens) or "True", facts, "eval")


class Look:
    """One segment under one regime."""

    def __init__(self, asked, segment, regime, labels, recipient, before):
        self.asked, self.segment, self.regime, self.labels = asked, segment, regime, labels
        self.recipient, self.before, self.purpose = recipient, before, asked.purpose
        self.matched = set()

    def fact(self, key):
        return (
            police(self.asked) or self.asked.facts.get(key)
            if key == "actor_le_employed"
            else self.asked.facts.get(key)
        )

    def shown(self, key):
        return self.fact(key) is True

    def denied(self, key):
        """`!x`: false or, in a closed world, absent; in the open one only where a "no" is recorded."""
        if self.shown(key):
            return False
        civil = key == "actor_le_employed" and self.asked.actor.employer_class in (
            "civil",
            "fire",
            "ems",
            "city",
        )
        return self.asked.closed_world or self.fact(key) is False or key in self.asked.recorded_no or civil

    def term(self, token):
        if token[0] == "!":
            return self.denied(token[1:])
        if token[0] == "@":
            return bool(self.forms(None if token == "@ANY" else token[1:].split(",")))
        if token[0] == "#":
            return any(self.under(process) for process in token[1:].split(","))
        if token[0] == "~":
            return WORDS[token[1:]](self)
        key, _, values = token.partition("=")
        if key == "received_under":
            return (self.fact(key) or self.asked.source.received_under) in values.split(",")
        return self.fact(key) in values.split(",") if values else self.shown(key)

    def under(self, process):
        said = self.asked.process
        return said == process or (self.regime != "P2" and process == "court_order" and said in ORDERS)

    def forms(self, kinds):
        return [
            c for c in self.asked.consents
            if (kinds is None or c.form in kinds) and c.form not in ("RESTRICT", "ORAL-510B")
            and covers(c, self) and not void(c, self.asked)
        ]  # fmt: skip

    def restricted(self):
        agreed = self.fact("restriction_agreed") or ()
        records = [c for c in self.asked.consents if c.form == "RESTRICT" and not void(c, self.asked)]
        listed = set() if agreed is True else set(agreed).union(*(c.segments for c in records))
        return agreed is True or bool(self.labels & listed)


def police(asked):
    role, employer = asked.actor.role, asked.actor.employer_class
    if (
        role in POLICE_ROLES
        or employer in ("criminal_justice_agency", "police")
        or asked.facts.get("actor_le_employed") is True
    ):
        return True
    return role == "pins_liaison" and employer not in ("civil", "fire", "ems", "city")


# --- forms --------------------------------------------------------------------------------------


def absent(c, keys):
    return [k for k in keys if (k not in c.elements if c.elements is not None else k in c.elements_missing)]


def end(c):
    days = {"MULTI-CONF": 180, "VS-REL": 30, "PA-MH": 365}.get(c.form)
    if c.form == "P2-SPEC":
        days = 180 if set(c.recipients) & set(SHORT_LIVED) else 365
    ends = [c.ends_at] if c.ends_at else []
    return min(
        [*ends, c.signed_at.astimezone(NEW_YORK) + timedelta(days=days)] if days else ends, default=None
    )


def void(c, asked):
    """Why a form counts as absent; true if it does."""
    f, at, to = asked.facts.get, asked.at, set(c.recipients)
    tpo = c.form == "P2-TPO" or bool(set(c.purposes) & set(TPO))
    keys = list(KEYS.get(c.form, []))
    keys += ["p.redisc", "p.refuse"] if c.form == "P2-SPEC" and tpo else []
    keys += (
        ["p.cestmt"] if c.form in ("P2-TPO", "P2-SPEC") and tpo and not (to and to <= NEVER_COVERED) else []
    )
    keys += ["p.intermediary"] if c.form in ("P2-TPO", "P2-SPEC", "P2-NOTES") and "intermediary" in to else []
    endless = c.ends_at is None and (not c.end_event or c.form in ("VS-REL", "PA-MH"))
    excused = (c.form == "P2-SPEC" and c.purposes and c.purposes <= {*TPO, "HRESCH"}) or (
        c.form in ("HIPAA-AUTH", "HIPAA-PSY") and c.purposes == {"HRESCH"}
    )
    over = (end(c) is not None and end(c) <= at) or (c.end_event and f(c.end_event) is True)
    over = over or (c.end_event == "final_disposition" and f("final_disposition_reached") is True)
    revoked = c.revoked_at is not None and c.revoked_at <= at
    if c.form == "P2-CJ35" and c.revocable_on is not None:
        revoked = revoked and f("final_disposition_reached") is True
    bad_conference = c.form == "MULTI-CONF" and (
        len(c.recipients) > 1
        or c.segments & {"SUDP2N", "PSYNOTE", "VSP", "PROTADDR"}
        or (to & {"law_enforcement", "le_co_response_partner", "prosecutor", "police_app_user"}
            and c.segments & {"MH", "MHPA", "COMMIT", "SUDP2", "SUDNP2", "RISK", "HIV"})
        or (to & PUBLIC and c.segments & set(PHI) - {"DEM", "LOC", "ENROLL", "CASE"})
        or any(p.startswith("X-LE-") or p in ("X-PROCEEDING", "HLEGAL", "X-CJ-MONITOR") for p in c.purposes)
    )  # fmt: skip
    unmonitored = c.form == "P2-CJ35" and (
        f("cj_condition") is not True
        or (asked.recipient.type in to and f("recipient_monitoring_duty") is not True)
    )
    conditioned = (
        c.conditioned_on_services and c.form in "HIPAA-AUTH HIPAA-PSY P2-NOTES VS-REL MULTI-CONF".split()
    )
    return bool(
        absent(c, keys) or (c.form in NEEDS_END and endless and not excused) or over or revoked or at < c.signed_at
        or (c.form in ALONE and set(c.combined_with) - set(ALONE[c.form])) or bad_conference or unmonitored
        or conditioned or (c.form == "VS-REL" and len(c.recipients) > 1) or not signs(c, asked, family(c.form))
    )  # fmt: skip


def family(form):
    return "P2" if form in P2_FORMS else {"VS-REL": "VS", "PA-MH": "PA", "PA-HIV": "PA"}.get(form, "HIPAA")


def signs(c, asked, law):
    f = asked.facts.get
    shown = {k for k, v in asked.facts.items() if v is True}
    age, who = f("minor_age"), c.signer
    minor = age < 18 if age is not None else "MINOR" in asked.segments
    if who in ("patient", "minor_patient"):
        return not shown & {"adjudicated_incapacity", "executor"} and (
            law != "VS" or not minor or "minor_consented_alone" in shown
        )
    if law == "VS":
        return who in ("court_appointed_guardian", "minor_and_parent") and not shown & {
            "signer_is_abuser",
            "parent_suspected_abuser",
        }
    if who == "minor_and_parent":
        return True
    if who == "parent":
        if (
            law == "P2"
            or shown & {"parent_suspected_abuser", "minor_consented_alone"}
            or age is None
            or age >= 18
        ):
            return False
        return law != "PA" or age < 14 or "parent_consented_to_care" in shown
    if "parent_suspected_abuser" in shown:
        return False
    sure = "verified_authority" in shown
    if who == "court_appointed_guardian":
        return sure and (law != "P2" or "adjudicated_incapacity" in shown)
    if who == "executor":
        return "executor" in shown and (sure or law == "P2")
    if who == "personal_rep":
        if law == "P2":
            return "executor" in shown or (sure and "adjudicated_incapacity" in shown)
        powers = {"adjudicated_incapacity", "executor"} | ({"hcpoa_active"} if law == "HIPAA" else set())
        return sure and bool(shown & powers)
    return who == "spouse" and law == "P2" and "spouse_no_executor" in shown


def covers(c, look):
    purposes = c.purposes
    if c.form == "P2-TPO":
        if look.recipient in NOT_TPO:
            return False
        purposes = {p for named in c.purposes & set(TPO) for p in FAMILIES.get(named, [named])}
    only = {"P2-NOTES": {"SUDP2N"}, "HIPAA-PSY": {"PSYNOTE"}}.get(c.form)
    segments = (
        c.segments & only if only else c.segments - {"SUDP2N"} - (set() if c.form == "PA-MH" else {"PSYNOTE"})
    )
    ids = {look.asked.recipient.id, look.asked.recipient.organization} - {""}
    to = look.recipient in c.recipients if c.recipients else bool(c.recipient_ids)
    to = to and (not c.recipient_ids or bool(ids & set(c.recipient_ids)))
    return (
        look.asked.source.program in c.sources
        and look.purpose in purposes
        and to
        and bool(segments & look.labels)
    )


def authorized(look):
    """An authorization, or another form that meets 164.508(c) as well."""
    for c in look.forms(None):
        if c.form == "HIPAA-AUTH":
            return True
        on_paper = (
            c.revoked_at is not None
            and c.revoked_at <= look.asked.at
            and c.revoked_how not in ("oral", "phone")
        )
        gap = c.form == "P2-CJ35" and on_paper and look.asked.process != "court_order"
        lacks = (
            absent(c, KEYS["HIPAA-AUTH"]) or c.conditioned_on_services or not signs(c, look.asked, "HIPAA")
        )
        if c.form != "HIPAA-PSY" and not gap and not lacks:
            return True
    return False


# --- what the table says in words ---------------------------------------------------------------


def serves_a_proceeding(look):
    return (
        look.purpose in ("X-PROCEEDING", "X-LE-INVESTIGATE", "X-LE-PROCESS")
        or look.shown("use_against_patient")
        or (look.purpose == "HLEGAL" and look.recipient in JUSTICE)
        or (look.recipient in [*JUSTICE, "attorney_civil"] and look.asked.process in MANDATES)
    )


def beyond_522(look):
    """A permit that the agreed restriction doesn't reach."""
    reached = ("hipaa.use.", "hipaa.tpo.", "hipaa.ba.", "hipaa.family.")
    for id_ in look.matched:
        if id_ == "hipaa.auth.164.508" and look.purpose in TPO:
            others = [c for c in look.asked.consents if c.form != "P2-TPO"]
            saved, look.asked = look.asked, type("Q", (), {**vars(look.asked), "consents": tuple(others)})
            found, look.asked = authorized(look), saved
            if found:
                return True
        elif not id_.startswith(reached):
            return True
    return False


def signer_of(look, forms, *who):
    return any(c.signer in who for c in look.forms(forms))


def age_is(look, low, high):
    age = look.fact("minor_age")
    return age is not None and low <= age < high


def scope(look, default):
    listed = look.fact("order_scope")
    return default if listed is None else look.segment in listed


def minor(look):
    return age_is(look, 0, 18) if look.fact("minor_age") is not None else "MINOR" in look.asked.segments


def free_of_abuse(look):
    return any(
        c.signer in ("patient", "minor_patient") or look.denied("signer_is_abuser")
        for c in look.forms(["VS-REL"])
    )


WORDS = {
    "a_law_is_cited": lambda look: bool(look.fact("required_by_law_cite")),
    "aged_14_to_17": lambda look: age_is(look, 14, 18) if look.fact("minor_age") is not None else minor(look),
    "authorized": authorized,
    "beyond_tpo": lambda look: bool(look.matched) and look.purpose not in TPO,
    "court_for_302": lambda look: look.recipient != "court" or look.purpose == "X-302",
    "emergency_needs_it": lambda look: (
        look.shown("treating_emergency_needs_restricted")
        and look.recipient not in ("law_enforcement", "le_co_response_partner")
    ),
    "for_302": lambda look: look.purpose == "X-302",
    "found_in_order": lambda look: (
        "p2.order.noncriminal.2.64" in look.matched and look.shown("order_confidential_comms_finding")
    ),
    "held_by_police": lambda look: look.asked.source.is_police or look.asked.source.program == "PBP",
    "hipaa_matched": lambda look: bool(look.before["HIPAA"][0]),
    "hiv_consent_stated": lambda look: look.asked.closed_world and look.shown("written_hiv_consent"),
    "holder_covered": lambda look: (
        look.asked.source.hipaa_legal in ("covered_component", "covered", "business_associate")
    ),
    "in_scope": lambda look: scope(look, True),
    "may_be_program": lambda look: look.asked.source.p2_status in ("program", "undetermined"),
    "minor": minor,
    "named_in_scope": lambda look: scope(look, False),
    "no_cja": lambda look: not look.shown("recipient_is_cja"),
    "no_cja_or_clinical": lambda look: (
        look.recipient == "clinical_app_user" or not look.shown("recipient_is_cja")
    ),
    "no_facility": lambda look: look.asked.source.mhpa_facility == "no",
    "no_notice": lambda look: not look.shown("in_privacy_notice"),
    "not_by_own_rows": lambda look: (
        look.recipient
        not in "law_enforcement le_co_response_partner prosecutor court attorney_civil adult_protective_services".split()
    ),
    "not_confidential": lambda look: look.segment != "SUDP2N" and not look.shown("content_privileged"),
    "not_justice": lambda look: (
        look.recipient not in [*JUSTICE, "le_co_response_partner", "corrections", "attorney_civil"]
    ),
    "not_monitoring": lambda look: look.purpose != "X-CJ-MONITOR",
    "not_notes": lambda look: look.segment != "SUDP2N",
    "not_och": lambda look: look.recipient != "och_other_program",
    "not_own_or_self": lambda look: look.recipient not in ("individual", "own_workforce"),
    "not_proceedings": lambda look: (
        look.purpose not in ("X-PROCEEDING", "X-LE-INVESTIGATE", "X-LE-PROCESS", "HLEGAL")
    ),
    "not_prosecution": lambda look: look.recipient not in ("prosecutor", "law_enforcement"),
    "not_psynote": lambda look: look.segment != "PSYNOTE",
    "not_read_as_part2": lambda look: "SUDP2" not in look.labels,
    "not_shown_abuser": lambda look: not look.shown("signer_is_abuser"),
    "not_shown_conditioned": lambda look: not look.shown("service_conditioned"),
    "notes": lambda look: look.segment == "SUDP2N",
    "one_person": lambda look: not look.shown("bulk_list") and bool(look.matched),
    "order_2.65": lambda look: look.asked.process == "p2_order_2.65",
    "outside": lambda look: (
        look.recipient not in ("individual", "own_workforce", "part2_internal", "part2_admin_control")
    ),
    "own_facility_record": lambda look: look.recipient == "individual" and look.segment == "MHPA",
    "own_notes": lambda look: look.shown("psynote_originator") and look.recipient == "own_workforce",
    "own_request": lambda look: look.recipient == "individual" and look.purpose == "PATRQT",
    "part2_permits": lambda look: bool(look.before["P2"][1]),
    "payment_or_operations": lambda look: look.purpose in [*GROUPS["OPS"].split(), "HPAYMT"],
    "permit_beyond_522": beyond_522,
    "psynote": lambda look: look.segment == "PSYNOTE",
    "released_by_the_person": free_of_abuse,
    "restricted": Look.restricted,
    "serves_a_proceeding": serves_a_proceeding,
    "signed_by_representative": lambda look: signer_of(
        look, P2_FORMS, "court_appointed_guardian", "personal_rep"
    ),
    "signed_by_the_minor": lambda look: signer_of(look, None, "patient", "minor_patient"),
    "signed_for_the_dead": lambda look: (
        (look.shown("executor") or look.shown("spouse_no_executor"))
        and signer_of(look, P2_FORMS, "executor", "personal_rep", "spouse")
    ),
    "source_lead": lambda look: look.asked.source.program == "LEAD",
    "to_individual": lambda look: look.recipient == "individual",
    "to_parent": lambda look: look.recipient == "parent_guardian",
    "to_rep": lambda look: look.recipient == "personal_rep",
    "totals": lambda look: look.segment == "AGG" and bool(look.matched),
    "uncovered_program": lambda look: (
        look.asked.source.p2_status == "program" and look.asked.source.hipaa_legal == "not_covered"
    ),
    "under_14": lambda look: age_is(look, 0, 14),
    "under_18": lambda look: age_is(look, 0, 18),
    "used_against_in_conference": lambda look: (
        look.shown("use_against_patient")
        or look.purpose in ("X-PROCEEDING", "X-LE-INVESTIGATE", "X-LE-PROCESS", "X-CJ-MONITOR")
    ),
    "where_and_when": lambda look: look.segment in ("DEM", "LOC"),
}


# --- regimes and the walk -------------------------------------------------------------------------


def for_victims(segment, asked):
    """The part of the readings for victim services."""
    found, victims = {}, asked.source.vs_regime != "none"
    if segment == "PROTADDR":
        found["VS"] = {"PROTADDR"}
    elif victims and segment in [*PHI[:-1], "VSP", "LDS"]:
        found["VS"] = {segment, "VSP"}
    elif victims and segment == "IDMATCH":
        found["VS"] = {"IDMATCH", "ENROLL", "VSP"}
    elif victims and segment == "AGG":
        found["VS"] = {"AGG"}
    elif segment == "LDS" and "VSP" in asked.segments:
        found["VS"] = {"LDS", "VSP"}
    return found


def for_minds(segment, asked, recipient):
    """The part of the readings for Pennsylvania's mental-health act."""
    found, facility = {}, asked.source.mhpa_facility != "no"
    treats = recipient in PROVIDERS and asked.facts.get("recipient_treats_subject") is True
    if segment in ("MHPA", "COMMIT") or (
        segment == "PSYNOTE" and (facility or asked.facts.get("content_privileged") is True)
    ):
        found["PA-MH"] = {segment}
    if segment in ("MH", "RISK") and (asked.facts.get("mhpa_source") is True or (facility and not treats)):
        found["PA-MH"] = {segment}
    if segment == "LDS" and (facility or asked.segments & {"MHPA", "COMMIT"}):
        found["PA-MH"] = {"LDS", "MHPA"}
    return found


def readings(segment, asked, recipient):
    """Regime by regime, as what the segment is read (`law/rules.md` section 2 and Appendix A, inheritance)."""
    s, found = asked.source, {}
    health, maybe_p2 = [*PHI[:-1], "PSYNOTE"], s.p2_status in ("program", "undetermined")
    if s.hipaa_legal != "not_covered":
        if segment in health:
            found["HIPAA"] = {segment}
        if segment in ("SUDP2N", "VSP", "PROTADDR"):
            found["HIPAA"] = {segment, "as-PHI"}
        if segment == "IDMATCH":
            found["HIPAA"] = {"IDMATCH", "ENROLL"}
    if segment == "LDS":
        found["HIPAA"] = {"LDS"}
    if segment in ("SUDP2", "SUDP2N"):
        found["P2"] = {segment}
    elif segment == "LDS" and (maybe_p2 or "SUDP2" in asked.segments):
        found["P2"] = {"LDS", "SUDP2"}
    elif maybe_p2 and segment == "ENROLL":
        found["P2"] = {"ENROLL", "SUDP2"}
    elif maybe_p2 and segment == "IDMATCH":
        found["P2"] = {"IDMATCH", "ENROLL", "SUDP2"}
    elif maybe_p2 and segment == "AGG":
        found["P2"] = {"AGG"}
    elif maybe_p2 and segment in OF_A_UNIT and recipient not in ("own_workforce", "part2_internal"):
        if asked.facts.get("nonidentifying_content") is not True:
            found["P2"] = {segment, "SUDP2"}
        elif (recipient in "law_enforcement threat_target adult_protective_services".split()
              and asked.purpose in ("THREAT", "X-ABUSE-ADULT") and segment != "BILL"):  # fmt: skip
            found["P2"] = {segment}
    found |= for_victims(segment, asked) | for_minds(segment, asked, recipient)
    if segment in ("SUDNP2", "SUDP2", "SUDP2N"):
        found["PA-SUD"] = {segment}
    if segment == "LDS" and "SUDNP2" in asked.segments:
        found["PA-SUD"] = {"LDS", "SUDNP2"}
    if segment == "HIV":
        found["PA-HIV"] = {"HIV"}
    if segment == "LDS" and "HIV" in asked.segments:
        found["PA-HIV"] = {"LDS", "HIV"}
    if segment == "HMIS":
        found["HMIS"] = {"HMIS"}
    if segment in "CAD REFIN BLOT CHRI INV CJI ODIN JUV".split():
        found["CJ"] = {segment}
    if segment == "AGG":
        found["LOCAL"] = {"AGG"}
    return found or {"LOCAL": {segment}}


def speaks_of(look, regimes, to, of, for_=None):
    return (
        (regimes is None or look.regime in regimes)
        and (to is None or look.recipient in to)
        and (of is None or bool(of & look.labels))
        and (for_ is None or look.purpose in for_)
    )


def lifts(look, lifters):
    spared = {each[1:] for each in lifters.split() if each[0] == "-"}
    for each in lifters.split():
        if each[0] in "@~":
            if look.term(each):
                return True
        elif each.endswith("*"):
            if any(id_.startswith(each[:-1]) and id_ not in spared for id_ in look.matched):
                return True
        elif each in look.matched:
            return True
    return False


def examine(look):
    """The permits that match, and the bars that stand."""
    for id_, regimes, to, of, (for_, facts) in rows(PERMITS):
        purposes = (
            None if for_ == "*" else {w for each in for_.split() for w in GROUPS.get(each, each).split()}
        )
        if speaks_of(look, regimes, to, of, purposes) and eval(compiled(facts), {"look": look}):
            look.matched.add(id_)
    return {
        id_
        for id_, regimes, to, of, (applies, lifters) in rows(BARS)
        if speaks_of(look, regimes, to, of)
        and eval(compiled(applies), {"look": look})
        and not lifts(look, lifters)
    }


def permitted(asked):
    """The segments that may go out."""
    recipient = asked.recipient.type
    if police(asked) and recipient in ("own_workforce", "part2_internal", "part2_admin_control"):
        recipient = "le_co_response_partner" if asked.actor.role == "cr_officer" else "law_enforcement"
    released = set()
    for segment in asked.segments - {"MINOR"}:
        before = {"HIPAA": (set(), False), "P2": (set(), False)}
        found = readings(segment, asked, recipient)
        answers = []
        for regime in sorted(found, key=lambda r: ("HIPAA P2".find(r) if r in ("HIPAA", "P2") else 99, r)):
            look = Look(asked, segment, regime, found[regime], recipient, before)
            standing = examine(look)
            answers.append(bool(look.matched) and not standing)
            before[regime] = (set(look.matched), answers[-1])
        released |= {segment} if all(answers) else set()
    return released
