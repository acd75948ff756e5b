"""Papers: checked to be what they are, made again without what hides in them, kept under the client's key."""

import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from clinical.documents import checking
from clinical.documents.checking import NotKept, paper_of
from clinical.models import Document
from consent import access
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
WORDS, PLACE = "CANARYWORDS", b"Exif-place-40.44-79.99"


def pdf(*, script=False, password="", attachment=False):
    writer = PdfWriter()
    page = writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Author": WORDS})
    if script:
        opens = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("evil()")}
        )
        writer.root_object[NameObject("/OpenAction")] = opens
        page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): opens})
    if attachment:
        writer.add_attachment("more.exe", b"MZ" + WORDS.encode())
    if password:
        writer.encrypt(password)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def picture(kind="JPEG", size=(300, 200)):
    made = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", size, "teal").save(made, kind, exif=exif)
    return made.getvalue() + (b"PK\x03\x04 hidden behind the end" if kind == "JPEG" else b"")


# --- what a file is --------------------------------------------------------------------------------


def test_a_pdf_is_made_again_without_author_script_or_attachment():
    given = pdf(script=True, attachment=True)
    kept = paper_of(BytesIO(given))

    read = PdfReader(BytesIO(kept.content))
    assert kept.media == "application/pdf"
    assert len(read.pages) == 1
    assert not read.attachments
    assert not (read.metadata or {}).get("/Author")
    for word in (b"JavaScript", b"evil", b"EmbeddedFile", WORDS.encode()):
        assert word in given
        assert word not in kept.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_made_again_from_its_pixels(kind):
    given = picture(kind)
    kept = paper_of(BytesIO(given))

    assert PLACE in given
    assert kept.media == "image/jpeg"
    assert PLACE not in kept.content
    assert b"hidden behind the end" not in kept.content
    assert Image.open(BytesIO(kept.content)).size == (300, 200)


REFUSED = {
    "nothing": (b"", "empty"),
    "a page that runs": (b"<html><script>alert(1)</script></html>", "neither a PDF nor"),
    "a program": (b"MZ\x90\x00" + b"\0" * 200, "neither a PDF nor"),
    "half a picture": (picture()[:200], "neither a PDF nor"),
    "an animated picture of another kind": (b"GIF89a" + b"\0" * 100, "neither a PDF nor"),
    "a vector picture": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "neither a PDF nor"),
    "something that calls itself a PDF": (b"%PDF-1.7\nnothing behind it", "damaged"),
    "a locked PDF": (pdf(password="x"), "locked"),
    "too much": (b"%PDF-" + b"0" * checking.MOST_BYTES, "larger than 10 MB"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_whatever_is_no_paper_is_refused_with_the_reason(what):
    content, says = REFUSED[what]

    with pytest.raises(NotKept, match=says):
        paper_of(BytesIO(content))


# --- in the record ---------------------------------------------------------------------------------


@pytest.fixture
def subject(night, referral):
    return open_card(night, referral)[1]


def bring(night, subject, content, name="Birth certificate of Kim.pdf", **more):
    said = {"title": "birth certificate", "kind": "id", "file": SimpleUploadedFile(name, content)} | more
    return night.browser(night.lind).post(reverse("clinical:add_document", args=[subject]), said)


def rows(night):
    with access.opened(night.lind, "CAREMGT"):
        return list(Document.objects.select_related("compartment__scope"))


def test_a_document_is_kept_encrypted_and_taken_out_under_a_name_that_says_nothing(night, subject):
    answer = bring(night, subject, pdf())

    (document,) = rows(night)
    file = night.get(night.lind, "document_file", document.pk)
    assert answer.status_code == 302
    assert file.content == document.content
    assert file.content.startswith(b"%PDF-")
    assert file["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert "sandbox" in file["Content-Security-Policy"]
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "birth certificate" in night.get(night.lind, "documents", subject).content.decode()


def test_the_name_and_the_type_that_came_with_it_are_never_looked_at(night, subject):
    bring(night, subject, picture(), name="letter.pdf")
    refused = bring(night, subject, b"MZ program", name="letter.pdf")

    assert [each.media for each in rows(night)] == ["image/jpeg"]
    assert "neither a PDF nor a JPEG or PNG picture" in refused.content.decode()
    assert "letter" not in night.get(night.lind, "documents", subject).content.decode()


def test_a_document_about_danger_is_risk(night, subject):
    bring(night, subject, picture(), is_risk="on")

    assert rows(night)[0].compartment.scope.segments == ["MH", "RISK"]


def test_a_form_without_a_file_says_so(night, subject):
    answer = night.post(night.lind, "add_document", subject, title="x", kind="id")

    assert "Choose a file." in answer.content.decode()


def test_a_file_on_any_other_page_is_still_refused(night, subject):
    address = reverse("clinical:add_contact", args=[subject])
    answer = night.browser(night.lind).post(address, {"name": "x", "file": SimpleUploadedFile("x", b"x")})

    assert answer.status_code == 413


def test_a_document_kept_by_mistake_is_struck_and_stays(night, subject):
    bring(night, subject, pdf())
    (document,) = rows(night)

    night.post(night.lind, "strike_document", document.pk, because="person")

    shown = night.get(night.lind, "document", document.pk).content.decode()
    assert "It is about somebody else" in shown
    assert "Struck" in night.get(night.lind, "documents", subject).content.decode()


@pytest.mark.parametrize("name", ["documents", "add_document", "document", "document_file"])
def test_a_colleague_who_is_not_assigned_gets_the_404_of_a_made_up_id(night, subject, name):
    bring(night, subject, pdf())
    real = rows(night)[0].pk if name in ("document", "document_file") else subject

    hidden, absent = (night.get(night.varga, name, each) for each in (real, uuid.uuid4()))

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
