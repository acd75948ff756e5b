"""What holds for models: who points to whom, and what each field of a protected row tells.

Each function lists the breaches in the models it is given, so that planted ones can be.
"""

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models

from consent.models import Protected
from consent.models.encrypted import Encrypted
from tests.architecture.doors import UNKNOWN_TO

Model = type[models.Model]
OURS = (*UNKNOWN_TO, "partners")
MAY_POINT_TO = {
    "consent": {"consent"},
    "referrals": {"consent", "referrals"},
    "partners": {"consent", "referrals", "partners"},
    "clinical": {"consent", "referrals", "partners", "clinical"},
    "policecore": {"consent", "referrals", "policecore"},
}


def relations(model: Model) -> Iterator["models.ForeignObject | models.ManyToManyField"]:
    """The relations a model declares: one with a column, or one through a table."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if field.is_relation and field.remote_field is not None:
            yield field


def reverse_accessors_of_principals(given: Iterable[Model], principal: Model | None = None) -> Iterator[str]:
    """``principal.note_set`` would read a side's rows without importing it."""
    principal = principal or get_user_model()
    for model in given:
        for field in relations(model):
            if field.related_model is principal and not field.remote_field.hidden:
                yield f"{field} can be read backwards as `{field.remote_field.get_accessor_name()}`"


def keys_between_sides(given: Iterable[Model]) -> Iterator[str]:
    """A foreign key points down or stays; across it must be a plain UUID."""
    for model in given:
        allowed = MAY_POINT_TO.get(model._meta.app_label)
        for field in relations(model):
            target = field.related_model._meta.app_label
            if allowed is not None and target in OURS and target not in allowed:
                yield f"{field} points to `{target}`"


def pairs_of_rows_by_name(given: Iterable[Model]) -> Iterator[str]:
    """A content type and an id are a foreign key that no database checks and no import shows."""
    for model in given:
        for field in model._meta.private_fields:
            yield f"{field.name} of {model._meta.label} points to any model by its name"


def fields_without_privacy(given: Iterable[Model]) -> Iterator[str]:
    """Each field of a protected row either opens with the compartment or says nothing."""
    for model in given:
        privacy = model.__dict__.get("Privacy")
        if privacy is None:
            yield f"{model._meta.label} has no class Privacy of its own"
            continue
        opens = set(getattr(privacy, "as_compartment", ()))
        silent = set(getattr(privacy, "says_nothing", ()))
        named = {field.name for field in (*model._meta.get_fields(),) if not field.auto_created}
        attributes = {field.attname for field in model._meta.concrete_fields}
        for name in sorted(named - opens - silent):
            yield f"{model._meta.label}.{name} stands in neither set"
        for name in sorted(opens & silent):
            yield f"{model._meta.label}.{name} stands in both sets"
        for name in sorted((opens | silent) - named - attributes - {"pk"}):
            yield f"{model._meta.label}.{name} stands in Privacy and is no field"
        silent_texts = {
            field.name
            for field in model._meta.concrete_fields
            if field.name in silent
            and not field.choices
            and isinstance(field, (models.CharField, models.TextField, models.JSONField))
        }
        for name in sorted(silent_texts - SILENT_TEXTS.get(model._meta.label, set())):
            yield f"{model._meta.label}.{name} is text that is said to say nothing"


# Texts of a protected row that tell nothing about anybody, each looked at once.
SILENT_TEXTS: dict[str, set[str]] = {
    # the dispatch system's number of a call, by which an import knows what it has; a layout's name
    "policecore.Incident": {"layout", "external_id"},
    # where an odd row stood, for whoever mends the file; never what stood there
    "policecore.QuarantinedRow": {"layout", "file_name", "column", "digest"},
}


# What of a protected row stands in the table in clear though it opens with the compartment, and why. All are
# codes: none is written by somebody in words, none names, dates or places a person.
CLEAR: dict[str, dict[str, str]] = {
    "consent.Consent": dict.fromkeys(
        {"form", "signer", "revoked_how", "language", "channel"}, "codes of the law and of ISO 639"
    )
    | dict.fromkeys(
        {"segments", "purposes", "combined_with"}, "codes; the compartment's scope names segments too"
    ),
    "clinical.UnsignedForm": dict.fromkeys({"form", "language"}, "codes of the law and of ISO 639"),
    "clinical.Episode": dict.fromkeys(
        {"definition", "source", "stage", "closing_reason"},
        "codes of the program's definition; lists and figures go by them",
    ),
    "clinical.StageMove": dict.fromkeys({"from_stage", "to_stage"}, "codes of the program's definition"),
    "clinical.EpisodeRecord": {"kind": "a code of the program's definition"},
    "consent.Restriction": dict.fromkeys({"segments", "recipients"}, "segments and kinds of recipients"),
    "partners.Release": {
        "purpose": "a code",
        "segments": "codes",
        "basis": "rules and their citations",
        "obligations": "codes",
        "notices": "the words of the law, the same for everybody",
    },
    "partners.PartnerReferral": dict.fromkeys({"purpose", "segments", "segments_withheld"}, "codes"),
    "clinical.Plan": {"next_review_on": "work lists are filtered by it: a day, and nothing of what is due"},
    "clinical.Step": {"due_on": "work lists are filtered by it: a day, and nothing of what is due"},
    "clinical.Lowering": {"takes_away": "segments; the compartment's scope names them too"},
    "clinical.Screening": dict.fromkeys(
        {"instrument", "version"}, "which instrument of the catalogue, by its name"
    ),
    "policecore.Incident": dict.fromkeys(
        {"call_type", "call_group", "priority"},
        "the dispatch system's words for a kind of call; lists are filtered by it",
    ),
    "policecore.Triage": {"rules_version": "which edition of the routing rules"},
    "policecore.OfficerReferral": {"suggested_program": "a program's short name"},
}
CAN_TELL = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FloatField,
    models.DateField,
)


def texts_in_clear(given: Iterable[Model]) -> Iterator[str]:
    """What could hold words, a date or a place about somebody and is not under their key."""
    for model in given:
        allowed = CLEAR.get(model._meta.label, {})
        for field in model._meta.concrete_fields:
            inner = field.base_field if isinstance(field, ArrayField) else field
            is_code = bool(inner.choices) or isinstance(inner, models.DateTimeField)
            tells = field.name in model.Privacy.as_compartment and isinstance(inner, CAN_TELL) and not is_code
            if tells and not isinstance(field, Encrypted) and field.name not in allowed:
                yield f"{model._meta.label}.{field.name} is kept in clear"
        named = {field.name for field in model._meta.concrete_fields if not isinstance(field, Encrypted)}
        for name in sorted(allowed.keys() - named):
            yield f"{model._meta.label}.{name} is excused and is no field in clear"


# Uniqueness beyond a compartment, where the value is never one that somebody could guess and try.
SET_BY_THE_SYSTEM = {
    "clinical.Card.origin_id",  # the sender's random id, written by system:intake
    "policecore.Incident.incident_once",  # written by the import of calls alone
    "policecore.QuarantinedRow.quarantined_row_once",
}


def uniqueness_that_tells(given: Iterable[Model]) -> Iterator[str]:
    """A unique value that a hidden row holds already is refused, and so tells that the row is there."""
    for model in given:
        names = [
            field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key
        ]
        names += [
            constraint.name
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and "compartment" not in constraint.fields
        ]
        names += [str(group) for group in model._meta.unique_together if "compartment" not in group]
        for name in names:
            if f"{model._meta.label}.{name}" not in SET_BY_THE_SYSTEM:
                yield f"{model._meta.label}.{name} is unique across compartments"


def texts_that_tell(given: Iterable[Model]) -> Iterator[str]:
    """``str(row)`` ends up in logs: an id and no more."""
    for model in given:
        canary = "CNRYQQQQQQQQQQQQ"
        values = {
            field.attname: canary
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField))
        }
        row = model(**values)
        if canary in f"{row} {row!r}":
            yield f"{model._meta.label} tells a text in str() or repr()"


def protected_models(given: Iterable[Model]) -> list[Model]:
    return [model for model in given if issubclass(model, Protected) and not model._meta.abstract]
