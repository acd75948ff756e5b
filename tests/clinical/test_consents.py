"""A form that lacks something can't be finished and says what; a valid one opens, and closes when taken back."""

import base64
import zlib

import pytest

from consent import access
from consent.models import Consent
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db


def drawn(width=240, height=80):
    """A signature of a real size, as the page sends it."""

    def chunk(kind, body):
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    rows = b"".join(b"\0" + bytes((x * 7 + y * 13) % 256 for x in range(width)) for y in range(height))
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


def whole(night, **changed):
    """Everything that a form of the co-response unit says when it is whole."""
    return {
        "go": "finish", "to": [str(night.clinic.uid)], "what": ["contact", "needs", "care"], "why": ["care"],
        "days": "90", "capacity": "on", "copy_offered": "on", "language": "en", "signature": drawn(),
    } | changed  # fmt: skip


def consents(night):
    with access.opened(night.lind, "CAREMGT"):
        return list(Consent.objects.all())


@pytest.fixture
def subject(night, referral):
    _encounter, subject_id = open_card(night, referral)
    return subject_id


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ({"to": []}, "Choose who may receive it."),
        ({"what": []}, "Choose what may be shared."),
        ({"why": []}, "Choose what it is for."),
        ({"days": ""}, "Choose when it ends."),
        ({"signature": ""}, "the signature"),
        ({"signature": "data:image/png;base64,aGVsbG8="}, "the signature"),
        ({"signature": "", "signature_typed": "Sam", "signature_witness": ""}, "the signature"),
        ({"signature": "", "signature_typed": "Sam", "signature_witness": "sam"}, "the signature"),
        ({"copy_offered": ""}, "that a copy was given or offered"),
        ({"capacity": ""}, "that the person understands what they sign"),
    ],
)
def test_an_invalid_form_is_not_finished_and_says_what_is_missing(night, subject, left_out, told):
    page = night.post(night.lind, "take_consent", subject, **whole(night, **left_out))

    assert page.status_code == 200
    assert told in page.content.decode()
    assert not consents(night)


def test_the_steps_carry_what_was_said_and_show_what_it_opens_before_it_is_signed(night, subject):
    said = whole(night, go="4")
    del said["signature"]

    page = night.post(night.lind, "take_consent", subject, **said).content.decode()

    assert "What this opens" in page
    assert "Riverside Clinic" in page
    assert f'name="to" value="{night.clinic.uid}"' in page


def test_a_whole_form_is_kept_and_its_page_says_that_it_is_valid(night, subject):
    answer = night.post(night.lind, "take_consent", subject, **whole(night))

    kept = consents(night)[0]
    page = night.browser(night.lind).get(answer["Location"]).content.decode()
    assert kept.form == "HIPAA-AUTH"
    assert kept.signature_digest
    assert "Valid" in page
    assert "Riverside Clinic" in page


def test_a_typed_name_counts_before_a_witness(night, subject):
    night.post(
        night.lind, "take_consent", subject,
        **whole(night, signature="", signature_typed="Sam Doe", signature_witness="Pat Roe"),
    )  # fmt: skip

    assert [each.witness for each in consents(night)] == ["Pat Roe"]


def test_taken_back_it_is_worth_nothing_and_the_ledger_tells(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))
    kept = consents(night)[0]

    asked = night.post(night.lind, "take_back", kept.pk)
    night.post(night.lind, "take_back", kept.pk, how="phone")

    page = night.get(night.lind, "consent", kept.pk).content.decode()
    assert "Choose how they took it back." in asked.content.decode()
    assert "Taken back" in page
    assert "by phone" in page
    ledger = night.get(night.oduya, "ledger").content.decode()
    assert "Consent taken back" in ledger


def test_a_colleague_finds_neither_the_form_nor_the_page_that_takes_it_back(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))
    kept = consents(night)[0]

    assert night.get(night.varga, "consent", kept.pk).status_code == 404
    assert night.post(night.varga, "take_back", kept.pk, how="oral").status_code == 404
    assert consents(night)[0].revoked_at is None


def test_a_part_2_program_takes_the_part_2_form_and_asks_for_the_name(night, referral):
    overdose = type(referral)(**vars(referral) | {"reasons": ("overdose",)})
    _encounter, subject_id = open_card(night, overdose, by=night.peer)

    unnamed = night.post(night.peer, "take_consent", subject_id, **whole(night))
    night.post(night.peer, "edit_client", subject_id, given_name="Sam", family_name="Doe")
    night.post(night.peer, "take_consent", subject_id, **whole(night))

    assert "the person&#x27;s name" in unnamed.content.decode()
    with access.opened(night.peer, "CAREMGT"):
        form = Consent.objects.get()
        assert form.form == "P2-SPEC"
        assert {key.split(".")[0] for key, value in form.elements.items() if value} == {"h", "p"}
