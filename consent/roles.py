"""Roles: their names, what the law calls who holds them, and what they may do at all.

A role is a group. What it may do is a set of model permissions; *on which rows* is
the grants' to say. What the law calls its holder depends on the program (`law/rules.md`
4.3, actor roles); a pair that isn't in the table has no actor role and is refused.
"""

from collections.abc import Iterable, Mapping
from typing import Any

SOCIAL_WORKER = "social worker"
PEER = "peer"
CASE_MANAGER = "case manager"
CLINICAL_SUPERVISOR = "clinical supervisor"
PROGRAM_MANAGER = "program manager"
COMPLIANCE_OFFICER = "compliance officer"
PRIVACY_OFFICER = "privacy officer"
PARTNER_MACHINE = "partner machine"
REFERRER = "referrer"
OFFICER = "officer"
POLICE_SUPERVISOR = "police supervisor"
ANALYST = "analyst"
TRIAGE_CLINICIAN = "triage clinician"

ROLES_OF_SIDE: Mapping[str, tuple[str, ...]] = {
    "clinical": (
        SOCIAL_WORKER,
        PEER,
        CASE_MANAGER,
        CLINICAL_SUPERVISOR,
        PROGRAM_MANAGER,
        COMPLIANCE_OFFICER,
        PRIVACY_OFFICER,
        PARTNER_MACHINE,
        REFERRER,
    ),
    "police": (OFFICER, POLICE_SUPERVISOR, ANALYST, TRIAGE_CLINICIAN),
}
CARE_TEAM = frozenset({SOCIAL_WORKER, PEER, CASE_MANAGER})
# Whose own list may leave as a file: those who keep the caseload's papers, and who answers for them. A file
# is out of reach of every later revocation, so peers, who have no desk to keep one at, make none.
EXPORTS_CLIENTS = frozenset({SOCIAL_WORKER, CASE_MANAGER, CLINICAL_SUPERVISOR})
SUPERVISES = frozenset({CLINICAL_SUPERVISOR, PROGRAM_MANAGER, PRIVACY_OFFICER})

_ANY = "*"
ACTOR_ROLES: Mapping[tuple[str, str], str] = {
    (SOCIAL_WORKER, "CO-RESPONSE"): "cr_clinician",
    (SOCIAL_WORKER, "PINS"): "pins_social_worker",
    (SOCIAL_WORKER, "TSAP"): "tsap_social_worker",
    (SOCIAL_WORKER, "ROOTS"): "roots_outreach",
    (SOCIAL_WORKER, "ROOTS-DROPIN"): "roots_outreach",
    (SOCIAL_WORKER, "POST"): "post_case_manager",
    (SOCIAL_WORKER, "LEAD"): "lead_case_manager",
    (PEER, "POST"): "post_peer",
    (PEER, "ROOTS"): "roots_outreach",
    (PEER, "CO-RESPONSE"): "cr_clinician",
    (CASE_MANAGER, "POST"): "post_case_manager",
    (CASE_MANAGER, "LEAD"): "lead_case_manager",
    (CASE_MANAGER, "PINS"): "pins_social_worker",
    (CLINICAL_SUPERVISOR, _ANY): "ochs_supervisor",
    (PROGRAM_MANAGER, "LEAD"): "lead_program_manager",
    (PROGRAM_MANAGER, _ANY): "ochs_assistant_director",
    (PRIVACY_OFFICER, _ANY): "privacy_officer",
    (COMPLIANCE_OFFICER, _ANY): "records_clerk",
    (REFERRER, _ANY): "ems_paramedic",
    (PARTNER_MACHINE, _ANY): "engine_job",
    (OFFICER, _ANY): "police_officer",
    (POLICE_SUPERVISOR, _ANY): "police_supervisor",
    (ANALYST, _ANY): "crime_analyst",
    # works in the dispatch store, so the law takes them for what everybody there is
    (TRIAGE_CLINICIAN, _ANY): "police_officer",
}


def actor_role(roles: Iterable[str], program: str) -> str:
    """What the law calls somebody with ``roles`` in ``program``; ``""`` when it has no word, which is refused."""
    for role in sorted(roles):
        found = ACTOR_ROLES.get((role, program)) or ACTOR_ROLES.get((role, _ANY))
        if found:
            return found
    return ""


def allow(apps: Any, app_label: str, permissions: Mapping[str, Iterable[str]]) -> None:
    """Give roles their model permissions, from a migration: ``{"social worker": ["add_note", …]}``.

    Permissions are otherwise made after all migrations, so they are made here first.
    """
    from django.apps import apps as installed
    from django.contrib.auth.management import create_permissions

    config = installed.get_app_config(app_label)
    create_permissions(config, verbosity=0, apps=apps)
    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")
    for role, codenames in permissions.items():
        found = permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
        missing = set(codenames) - set(found.values_list("codename", flat=True))
        if missing:
            raise LookupError(f"no such permission in {app_label}: {', '.join(sorted(missing))}")
        group.objects.get(name=role).permissions.add(*found)
