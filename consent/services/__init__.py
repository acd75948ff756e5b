"""What changes things: compartments, assignments, grants, consents, decisions."""

from consent.services.assignments import assign, care_team, end_assignment, take_part_in_hiv_care
from consent.services.blind import BlindIndex, blind_index, forget, index_of_places, when_forgotten
from consent.services.compartments import Profile, find_or_make_compartment, open_compartment, profile
from consent.services.consents import facts_of, record_consent, revoke_consent
from consent.services.decisions import decide_and_record, decide_release
from consent.services.grants import recompute_grants
from consent.services.labels import CHOICES as LABEL_CHOICES
from consent.services.labels import Label, compartment_for, label, labelled_scopes, segments_of_kinds
from consent.services.life import died_on, keep_life_dates
from consent.services.locks import lock_client, lock_shared_facts
from consent.services.offices import (
    close_offices,
    end_office,
    open_office,
    recompute_organization,
    recompute_program,
)
from consent.services.openings import Opening, Staying, what_it_opens
from consent.services.restrictions import agree_restriction, end_restriction

__all__ = [
    "LABEL_CHOICES",
    "BlindIndex",
    "Label",
    "Opening",
    "Profile",
    "Staying",
    "agree_restriction",
    "assign",
    "blind_index",
    "care_team",
    "close_offices",
    "compartment_for",
    "decide_and_record",
    "decide_release",
    "died_on",
    "end_assignment",
    "end_office",
    "end_restriction",
    "facts_of",
    "find_or_make_compartment",
    "forget",
    "index_of_places",
    "keep_life_dates",
    "label",
    "labelled_scopes",
    "lock_client",
    "lock_shared_facts",
    "open_compartment",
    "open_office",
    "profile",
    "recompute_grants",
    "recompute_organization",
    "recompute_program",
    "record_consent",
    "revoke_consent",
    "segments_of_kinds",
    "take_part_in_hiv_care",
    "what_it_opens",
    "when_forgotten",
]
