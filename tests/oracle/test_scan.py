"""The scanner finds what it must, before anything is believed that it did not find."""

import base64
import gzip
import html
import io
import json
import quopri
import zipfile
import zlib
from datetime import date
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.canary import Place, Registry, World
from tests.oracle.scan import scan

REGISTRY = Registry()
WORLD = World("scanner", registry=REGISTRY)
PLACES = [Place(segment="SUDP2", record=f"note-{n}", field=f) for n in range(8) for f in ("body", "plan")]
TOKENS = {WORLD.token(place): place.key for place in PLACES}


def found_in(data: bytes) -> set[tuple[str, str, str]]:
    return {canary.place for canary in scan(data, REGISTRY)}


def in_json(data: bytes) -> bytes:
    return json.dumps({"note": data.decode("latin-1")}).encode()


def in_json_escaped(data: bytes) -> bytes:
    return b'["' + "".join(f"\\u{byte:04x}" for byte in data).encode() + b'"]'


def in_quoted_printable(data: bytes) -> bytes:
    if data.isascii():
        return quopri.encodestring(data, quotetabs=True)
    return b"".join(b"=%02X" % byte for byte in data)  # line ends of a binary must survive too


def in_zip(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", data)
    return file.getvalue()


CODINGS = {
    "percent": lambda data: quote_from_bytes(data).encode(),
    "percent of everything": lambda data: b"".join(b"%%%02x" % byte for byte in data),
    "html": lambda data: html.escape(data.decode("latin-1")).encode("latin-1"),
    "html of everything": lambda data: "".join(f"&#{byte};" for byte in data).encode(),
    "html hexadecimal": lambda data: "".join(f"&#x{byte:x};" for byte in data).encode(),
    "json": in_json,
    "json of everything": in_json_escaped,
    "base64": base64.b64encode,
    "base64 for addresses": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 in lines": base64.encodebytes,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zip": in_zip,
    "quoted-printable": in_quoted_printable,
    "utf-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "utf-16 big end first": lambda data: data.decode("latin-1").encode("utf-16-be"),
}


@given(
    token=st.sampled_from(sorted(TOKENS)),
    outer=st.sampled_from(sorted(CODINGS)),
    inner=st.sampled_from(sorted(CODINGS)),
    before=st.text(st.characters(codec="ascii"), max_size=30),
    after=st.text(st.characters(codec="ascii"), max_size=30),
    case=st.sampled_from([str, str.lower, str.title]),
)
@settings(max_examples=2_000, deadline=None)
def test_a_canary_is_found_under_any_two_codings(token, outer, inner, before, after, case):
    plain = f"{before} {case(token)} {after}".encode()

    assert TOKENS[token] in found_in(CODINGS[outer](CODINGS[inner](plain)))


@pytest.mark.parametrize("outer", CODINGS)
@pytest.mark.parametrize("inner", CODINGS)
def test_every_pair_of_codings_is_undone(outer, inner):
    token, place = next(iter(TOKENS.items()))

    assert found_in(CODINGS[outer](CODINGS[inner](token.encode()))) == {place}


@given(st.binary(max_size=4_000))
@settings(max_examples=300, deadline=None)
def test_noise_holds_no_canary_and_stops_no_scan(noise):
    assert found_in(noise) == set()


@pytest.mark.parametrize("cut", [8, 11, 15])
def test_a_truncated_token_is_still_a_leak(cut):
    token, place = next(iter(TOKENS.items()))

    assert found_in(f"{token[:cut]}…".encode()) == {place}


def test_a_token_nobody_planted_is_not_overlooked():
    assert found_in(b"CNRYAAAABBBBCCCC") == {("?", "?", "?")}


def test_a_token_split_for_kerning_in_a_pdf_is_found():
    token, place = next(iter(TOKENS.items()))

    assert found_in(f"BT [({token[:5]}) 20 ({token[5:9]}) -3 ({token[9:]})] TJ ET".encode()) == {place}
    assert found_in(f"BT <{token.encode().hex()}> Tj ET".encode()) == {place}


def a_pdf(title: str, shown: str, *, ascii85: bool) -> bytes:
    page = zlib.compress(f"BT /F1 12 Tf 72 720 Td (Client: {shown}) Tj ET".encode())
    stream = base64.a85encode(page) + b"~>" if ascii85 else page
    octal = "".join(f"\\{byte:03o}" for byte in b"\xfe\xff" + title.encode("utf-16-be"))
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Title (" + octal.encode() + b") >>\nendobj\n"
        b"2 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream\nendobj\n%%EOF"
    )


@pytest.mark.parametrize("ascii85", [True, False])
def test_text_and_title_of_a_pdf_are_read(ascii85):
    (shown, place), (title, elsewhere) = list(TOKENS.items())[:2]

    assert found_in(a_pdf(title, shown, ascii85=ascii85)) == {place, elsewhere}


def test_a_zip_file_cut_short_is_read_as_far_as_it_goes():
    token, place = next(iter(TOKENS.items()))

    assert found_in(in_zip(f"{token} {token}".encode())[:-40]) == {place}


NAMED = Place(segment="DEM", record="client-1", field="name")
BORN = Place(segment="DEM", record="client-1", field="born_on")
CALLED = Place(segment="DEM", record="client-1", field="phone")
SURNAME, BIRTHDAY, PHONE = WORLD.surname(NAMED), WORLD.day(BORN), WORLD.phone(CALLED)


@pytest.mark.parametrize(
    "shape",
    [
        "{0}",
        "SAM {1}",
        "{2}, Sam",
        "sam.{2}@example.org",
        "{3}…",
    ],
)
def test_a_surname_is_known_in_capitals_cut_short_and_in_an_address(shape):
    text = shape.format(SURNAME, SURNAME.upper(), SURNAME.lower(), SURNAME[:9])

    assert found_in(text.encode()) == {NAMED.key}


@pytest.mark.parametrize(
    "layout",
    [
        "%Y-%m-%d",
        "%m/%d/%Y",
        "%Y%m%d",
        "%B %d, %Y",
        "%b. %d, %Y",
        "%d %B %Y",
        "%Y-%m-%dT00:00:00Z",
        "{0}/{1}/%Y",
    ],
)
def test_a_birth_date_is_known_in_any_layout(layout):
    text = BIRTHDAY.strftime(layout).format(BIRTHDAY.month, BIRTHDAY.day)

    assert BORN.key in found_in(f"born {text}.".encode())


@pytest.mark.parametrize("layout", ["{0}-{1}-{2}", "({0}) {1}-{2}", "+1{0}{1}{2}", "{0}.{1}.{2}", "{1}-{2}"])
def test_a_phone_number_is_known_in_any_layout(layout):
    text = layout.format(*PHONE.split("-"))

    assert CALLED.key in found_in(f"call {text} now".encode())


def test_a_date_and_a_number_of_nobody_are_let_pass():
    other = date(1902, 2, 2) if date(1902, 2, 2) != BIRTHDAY else date(1902, 2, 3)

    assert found_in(f"{other} 412-555-9999 Zevon".encode()) == set()


def test_one_seed_gives_one_world_and_another_seed_another():
    again, other = World("scanner", registry=Registry()), World("elsewhere", registry=Registry())

    assert again.token(PLACES[0]) == WORLD.token(PLACES[0])
    assert other.token(PLACES[0]) != WORLD.token(PLACES[0])
