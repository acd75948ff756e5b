"""The frame around every page: where one may go, what the parts look like, and nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import CharField, Form
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch

from config import context
from config.templatetags.shell import SEGMENTS, initials, listed, phrases, segments

CONFIG = Path(context.__file__).parent
TEMPLATES = sorted((CONFIG / "templates").rglob("*.html"))
COMPONENTS = sorted((CONFIG / "templates" / "cotton").glob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle=|<style"),
    "an inline handler": re.compile(r"\son[a-z]+=|hx-on|javascript:|js:"),
    "an inline script": re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))"),
    "another machine": re.compile(r"(?:src|href)=\"(?:https?:)?//"),
}
ADDRESSES = {"home": "/", "clients": "/clients/", "archive": "/clients/archive/", "groups": "/groups/"}
PLACES = [
    {"label": "Home", "url_name": "home", "roles": ["officer", "social worker"]},
    {"label": "Clients", "url_name": "clients", "places": ["groups"], "roles": ["social worker"]},
    {"label": "Archive", "url_name": "archive", "roles": ["social worker"]},
    {"label": "Not built", "url_name": "moon", "roles": ["social worker"]},
]


@pytest.fixture
def places(settings, monkeypatch):
    def reverse(name: str) -> str:
        if name not in ADDRESSES:
            raise NoReverseMatch(name)
        return ADDRESSES[name]

    settings.NAVIGATION = PLACES
    monkeypatch.setattr(context, "reverse", reverse)


def current(path: str) -> list[str]:
    items = context.navigation(path, ["social worker"])
    return [item["label"] for item in items if item["current"]]


def test_nobody_is_led_to_a_place_that_the_role_does_not_open(places):
    items = context.navigation("/", ["officer"])

    assert [item["label"] for item in items] == ["Home"]


def test_a_place_without_an_address_is_left_out(places):
    items = context.navigation("/", ["social worker"])

    assert [item["label"] for item in items] == ["Home", "Clients", "Archive"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ["Home"]),
        ("/clients/", ["Clients"]),
        ("/clients/7/notes/", ["Clients"]),
        ("/clients/archive/3/", ["Archive"]),
        ("/groups/new/", ["Clients"]),
        ("/clientship/", []),
        ("/account/2fa/", []),
    ],
)
def test_the_current_place_is_the_innermost_one_around_the_page(places, path, expected):
    assert current(path) == expected


def test_the_frame_asks_for_no_role_until_a_page_shows_them(monkeypatch):
    monkeypatch.setattr(context, "roles_of", lambda user: pytest.fail("asked the database"))
    request = RequestFactory().get("/")
    request.user = object()

    assert context.shell(request)["side"] == settings.SIDE


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(CONFIG)))
def test_no_template_holds_what_the_content_security_policy_refuses(template):
    text = template.read_text()

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_passes_attributes_on_and_has_a_default_for_each_of_its_own(component):
    text = component.read_text()
    declared = re.search(r"<c-vars([^>]*)/>", text)

    assert declared
    assert "{{ attrs }}" in text
    assert re.sub(r':?[a-z_]+="[^"]*"', "", declared[1]).strip() == ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(CONFIG)))
def test_every_template_can_be_read(template):
    get_template(str(template.relative_to(CONFIG / "templates")))


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_an_error_page_is_the_same_bytes_each_time_and_names_the_side(status):
    page = render_to_string(f"{status}.html")

    assert page == render_to_string(f"{status}.html")
    assert context.side_name() in page


def test_a_compartment_is_named_in_words():
    tag = Template('{% cotton compartment-tag segments="SUDP2 DEM" %}{% endcotton %}').render(Context())

    assert "Substance use (Part 2)" in tag
    assert "family-substance" in tag
    assert "Demographics" in tag


def test_a_segment_without_words_says_so():
    assert [segment.family for segment in segments("MH MOON")] == ["mental", "unknown"]


def test_every_family_has_a_colour_of_its_own():
    sheet = (CONFIG / "static" / "bulkhead" / "components.css").read_text()

    missing = {each.family for each in SEGMENTS.values() if f".family-{each.family}" not in sheet}
    assert missing == set()


def test_lists_are_taken_as_they_are_and_texts_split():
    assert listed("a b") == listed("a, b") == listed(["a", "b"]) == ["a", "b"]
    assert phrases("Until when,Sign") == ["Until when", "Sign"]
    assert listed(None) == phrases(None) == []


def test_initials_are_the_first_and_the_last():
    assert [initials("Ana de Lind"), initials("social-worker"), initials("")] == ["AL", "SW", "?"]


class Incident(Form):
    place = CharField(help_text="A block will do")


def test_a_field_is_joined_to_its_hint_and_its_error():
    page = str(Incident(data={}))

    assert 'aria-describedby="id_place_helptext id_place_error"' in page
    assert 'id="id_place_helptext"' in page
    assert 'id="id_place_error"' in page
    assert 'href="#id_place"' in page


def test_a_form_says_back_what_was_typed_as_text_only():
    page = str(Incident(data={"place": '"><script>alert(1)</script>'}))

    assert "<script>" not in page
