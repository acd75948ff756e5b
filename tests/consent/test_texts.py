"""A text says on the screen what it says in the table, whoever wrote it."""

from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError

from consent.texts import BIDI_CONTROLS, LineField, PlainField, ProseField, plain

TURNED = "Sam \u202eeoD"


def forms_of_the_side():
    """Every form class in a ``forms`` module of the side's own app."""
    config = apps.get_app_config("clinical" if settings.SIDE == "clinical" else "policecore")
    root = Path(config.path)
    for file in sorted(root.rglob("forms.py")):
        module = import_module(".".join((config.name, *file.relative_to(root).with_suffix("").parts)))
        yield from (
            found
            for found in vars(module).values()
            if isinstance(found, type)
            and issubclass(found, forms.BaseForm)
            and found.__module__ == module.__name__
        )


@pytest.mark.parametrize("control", sorted(BIDI_CONTROLS | set("\0\a\x1b")), ids=ascii)
def test_a_line_with_a_character_that_hides_is_refused_and_prose_goes_without_it(control):
    with pytest.raises(ValidationError):
        LineField().clean(f"Sam{control} Doe")

    assert ProseField().clean(f"She said:\n{control}no{control}thing") == "She said:\nnothing"
    assert PlainField().clean(f"Sam{control}Doe") == "Sam Doe"


@pytest.mark.parametrize("name", ["Zoë Ωmega", "日本", "می\u200cخواهم", "O’Neill-Núñez", "نادية"])
def test_letters_of_any_script_are_no_controls(name):
    assert LineField().clean(name) == name
    assert ProseField().clean(name) == name


def test_prose_of_controls_alone_is_empty():
    with pytest.raises(ValidationError):
        ProseField().clean("\u202e \u202e")


def test_plain_text_keeps_letters_of_any_script():
    assert plain("  Zoë  — Ωmega\t日本 ") == "Zoë — Ωmega 日本"


def test_every_text_that_somebody_writes_is_one_of_these_fields():
    written = {
        f"{form.__name__}.{name}"
        for form in forms_of_the_side()
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField and not isinstance(field.widget, forms.HiddenInput)
    }

    assert list(forms_of_the_side())
    assert not written, f"a CharField lets through what turns a text: {written}"
