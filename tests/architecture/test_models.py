"""Models keep the walls: no way back from a principal, no key across, every field accounted for."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test.utils import isolate_apps

from consent.models import EncryptedTextField, Protected
from tests.architecture import models as doors

OURS = [model for model in apps.get_models() if model._meta.app_label in doors.OURS]
PROTECTED = doors.protected_models(OURS)


def listed(breaches):
    return "\n".join(breaches)


def test_there_are_models_to_look_at():
    assert len(OURS) > 10
    assert PROTECTED


@pytest.mark.parametrize(
    "door",
    [doors.reverse_accessors_of_principals, doors.keys_between_sides, doors.pairs_of_rows_by_name],
    ids=lambda door: door.__name__,
)
def test_no_model_opens(door):
    breaches = list(door(OURS))

    assert not breaches, listed(breaches)


def test_every_field_of_a_protected_row_is_accounted_for():
    breaches = list(doors.fields_without_privacy(PROTECTED))

    assert not breaches, listed(breaches)


def test_every_text_of_a_protected_row_is_under_a_key_or_excused():
    breaches = list(doors.texts_in_clear(PROTECTED))

    assert not breaches, listed(breaches)
    assert all(reason for excused in doors.CLEAR.values() for reason in excused.values())


@isolate_apps("consent")
def test_a_text_that_nobody_put_under_a_key_is_found():
    class Open(Protected):
        body = models.TextField()
        born_on = models.DateField()
        said = models.JSONField()
        words = ArrayField(models.CharField(max_length=10))
        kind = models.CharField(max_length=4, choices=[("a", "A")])
        at = models.DateTimeField()
        sealed = EncryptedTextField()

        class Meta:
            app_label = "consent"

        class Privacy:
            as_compartment = {"body", "born_on", "said", "words", "kind", "at", "sealed"}
            says_nothing = Protected.Privacy.says_nothing

    found = {line.split()[0] for line in doors.texts_in_clear([Open])}

    assert found == {f"consent.Open.{name}" for name in ("body", "born_on", "said", "words")}


def test_no_uniqueness_tells_of_a_hidden_row():
    breaches = list(doors.uniqueness_that_tells(PROTECTED))

    assert not breaches, listed(breaches)


def test_no_protected_row_tells_a_text_in_a_log():
    breaches = list(doors.texts_that_tell(PROTECTED))

    assert not breaches, listed(breaches)


def test_protected_querysets_are_never_bypassed_by_a_default_manager():
    for model in PROTECTED:
        assert hasattr(model._default_manager.get_queryset(), "_ready"), model


@isolate_apps("consent")
def test_a_way_back_from_a_principal_is_found():
    class Person(models.Model):
        class Meta:
            app_label = "consent"

    class Note(models.Model):
        author = models.ForeignKey(Person, models.PROTECT)

        class Meta:
            app_label = "consent"

    class Shelf(models.Model):
        owners = models.ManyToManyField(Person, related_name="shelves")

        class Meta:
            app_label = "consent"

    class Quiet(models.Model):
        author = models.ForeignKey(Person, models.PROTECT, related_name="+")

        class Meta:
            app_label = "consent"

    found = list(doors.reverse_accessors_of_principals([Note, Shelf, Quiet], principal=Person))

    assert len(found) == 2, listed(found)


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        ("policecore", "clinical"),
        ("clinical", "policecore"),
        ("referrals", "clinical"),
        ("consent", "referrals"),
    ],
)
def test_a_key_across_is_found(origin, target):
    with isolate_apps("consent"):

        class Target(models.Model):
            class Meta:
                app_label = target

        class Origin(models.Model):
            there = models.ForeignKey(Target, models.PROTECT, related_name="+")

            class Meta:
                app_label = origin

        assert list(doors.keys_between_sides([Origin]))
        assert not list(doors.keys_between_sides([Target]))


@isolate_apps("consent", "django.contrib.contenttypes")
def test_a_key_to_any_model_is_found():
    from django.contrib.contenttypes.fields import GenericForeignKey

    class Tag(models.Model):
        content_type = models.ForeignKey("contenttypes.ContentType", models.PROTECT, related_name="+")
        object_id = models.TextField()
        thing = GenericForeignKey()

        class Meta:
            app_label = "consent"

    assert list(doors.pairs_of_rows_by_name([Tag]))


@isolate_apps("consent")
def test_a_field_that_nobody_accounted_for_is_found():
    class Forgetful(Protected):
        body = models.TextField()
        plan = models.TextField()

        class Meta:
            app_label = "consent"

        class Privacy:
            as_compartment = {"body"}
            says_nothing = Protected.Privacy.says_nothing

    class Careless(Protected):
        class Meta:
            app_label = "consent"

    class Talkative(Protected):
        body = models.TextField(unique=True)

        class Meta:
            app_label = "consent"
            constraints = [models.UniqueConstraint(fields=["body", "id"], name="talkative_once")]

        class Privacy:
            as_compartment = {"boddy"}
            says_nothing = Protected.Privacy.says_nothing | {"body"}

        def __str__(self):
            return self.body

    assert listed(doors.fields_without_privacy([Forgetful])).endswith("plan stands in neither set")
    assert "no class Privacy" in listed(doors.fields_without_privacy([Careless]))
    assert "is no field" in listed(doors.fields_without_privacy([Talkative]))
    assert "said to say nothing" in listed(doors.fields_without_privacy([Talkative]))
    assert len(list(doors.uniqueness_that_tells([Talkative, Forgetful]))) == 2
    assert list(doors.texts_that_tell([Talkative]))
    assert not list(doors.texts_that_tell([Forgetful]))
