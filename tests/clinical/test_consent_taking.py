"""What stands around a form: its language, the preview, the no, the paper, the client's copy, the register."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from clinical.consents import papers, said, selectors, wording
from clinical.consents.papers import NoPicture, picture_of
from clinical.consents.services import add_paper
from clinical.models import SignedPaper, UnsignedForm
from consent import access, services
from consent.models import Consent, Determination
from tests import factories
from tests.clinical.known import make_known
from tests.clinical.photos import DEVICE, PLACE, photo
from tests.clinical.test_consents import whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(night):
    return make_known(night.lind, night.program, given_name="Sam", family_name="Doe").subject_id


def kept(by):
    with access.opened(by, "CAREMGT"):
        return list(Consent.objects.select_related("program").order_by("created_at", "id"))


def unsigned(by):
    with access.opened(by, "CAREMGT"):
        return list(UnsignedForm.objects.order_by("created_at", "id"))


def take(night, sam, **changed):
    answer = night.post(night.lind, "take_consent", sam, **whole(night, **changed))
    assert answer.status_code == 302
    return kept(night.lind)[-1]


# --- language ---------------------------------------------------------------------------------


def test_a_form_in_spanish_is_read_and_kept_in_spanish_with_the_english_beside_it(night, sam):
    page = night.post(night.lind, "take_consent", sam, **whole(night, language="es", go="4")).content.decode()
    form = take(night, sam, language="es")

    assert "Puedo decir que no." in page
    assert "I can say no." in page
    assert "Spanish draft" in page
    assert form.language == form.sheet["language"] == "es"
    assert form.sheet["reviewed"] is False
    assert form.sheet["title"].startswith("Permiso para compartir")
    assert form.elements["h.revoke"].startswith("Puedo retirar este permiso")
    assert "hasta el" in form.elements["h.expiry"]


def test_a_language_that_the_form_has_not_is_read_in_english_by_an_interpreter(night, sam):
    form = take(night, sam, language="ne", interpreter="Ina Interpreter")

    assert (form.language, form.sheet["language"], form.interpreter) == ("ne", "en", "Ina Interpreter")


def test_both_languages_say_everything_and_name_the_same_things():
    texts = wording.every_text()

    assert len(texts) > 150
    assert all(each.en and each.es for each in texts)
    for each in texts:
        assert sorted(re.findall(r"{\w+}", each.en)) == sorted(re.findall(r"{\w+}", each.es)), each.en


def test_a_translation_is_a_draft_again_when_a_word_of_it_changes(monkeypatch):
    texts = wording.every_text()
    digest = said.words_digest(texts, "es")

    assert not wording.is_reviewed("es")
    monkeypatch.setitem(said.REVIEWED, "es", (digest, "A translator, May 3"))
    assert wording.is_reviewed("es")
    monkeypatch.setattr(wording, "READ_OUT", said.Said("Read this out", "Lea esto"))
    assert not wording.is_reviewed("es")


def test_the_translators_file_holds_every_text_and_the_digest_of_a_review():
    printed = io.StringIO()
    call_command("translations", stdout=printed)

    said_of = printed.getvalue()
    digest = said.words_digest(wording.every_text(), "es")
    assert "Nothing shared under this form may be used against me" in said_of
    assert "lo que dice algo sobre uso de sustancias" in said_of
    assert said_of.rstrip().endswith(f"# es: a draft, {digest}")


# --- the preview ------------------------------------------------------------------------------


def shown(page):
    body = page.content.decode()
    return re.sub(
        r"\s+",
        " ",
        re.sub(r"<[^>]+>", " ", body[body.index('class="opens"') : body.index("Decided by the engine")]),
    )


def test_before_anybody_signs_the_engine_says_what_it_opens_for_whom_until_when(night, sam):
    said_so_far = whole(night, go="4", days="30")
    del said_so_far["signature"]

    told = shown(night.post(night.lind, "take_consent", sam, **said_so_far))

    assert "Riverside Clinic" in told
    assert "what I need" in told
    assert f"until {wording.day(timezone.now() + timedelta(days=30), 'en')}" in told
    assert not kept(night.lind)


def test_what_stays_closed_is_told_with_the_form_that_opens_it(night, sam):
    Determination.objects.filter(programs=night.program).update(mhpa_facility="yes")
    homes = factories.make_organization("Lantern Homes", kind="landlord_housing")

    told = shown(night.post(night.lind, "take_consent", sam, **whole(night, go="4", to=[str(homes.uid)])))

    assert "Stays closed:" in told
    assert wording.FORM_NAMES["PA-MH"] in told


def test_what_a_limit_keeps_is_not_said_to_open(night):
    sam = make_known(night.peer, night.part2, given_name="Sam", family_name="Doe").subject_id
    with access.opened(night.peer, "CAREMGT"):
        services.agree_restriction(
            subject_id=sam, program=night.part2, segments=["SUDP2"], by=night.peer,
            recipients=["treating_provider_ce"],
        )  # fmt: skip

    told = shown(night.post(night.peer, "take_consent", sam, **whole(night, go="4", form="P2-SPEC")))

    assert "Stays closed:" in told
    assert "until" not in told


# --- a no -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("declines", "Understands and declines"),
        ("later", "Cannot decide now"),
        ("unsafe", "Not asked: unsafe"),
    ],
)
def test_a_no_is_kept_with_what_was_offered_and_their_words(night, sam, answer, word):
    said_so_far = whole(night, go=answer) | {"their_words": "Not with my landlord around."}

    night.post(night.lind, "take_consent", sam, **said_so_far)

    (row,) = unsigned(night.lind)
    page = night.get(night.lind, "consents", sam).content.decode()
    assert not kept(night.lind)
    assert row.offered["to"] == "Riverside Clinic"
    assert word in page
    assert "Not with my landlord around." in page


def test_who_could_not_decide_is_asked_again_a_day_later_and_then_no_more(night, sam):
    night.post(night.lind, "take_consent", sam, go="later", form="HIPAA-AUTH")
    (row,) = unsigned(night.lind)
    with access.opened(night.lind, "CAREMGT"):
        before = selectors.to_ask_again(night.lind, timezone.now())
        after = selectors.to_ask_again(night.lind, timezone.now() + timedelta(hours=25))
    take(night, sam)
    with access.opened(night.lind, "CAREMGT"):
        settled = selectors.to_ask_again(night.lind, timezone.now() + timedelta(hours=25))

    assert row.ask_again_at - row.at == timedelta(hours=24)
    assert (before, [each.pk for each in after], settled) == ([], [row.pk], [])


def test_a_colleague_finds_neither_the_register_nor_the_copy_nor_the_paper(night, sam):
    form = take(night, sam)
    with access.opened(night.lind, "CAREMGT"):
        paper = add_paper(consent=form, picture=picture_of(io.BytesIO(photo())), by=night.lind)

    for page, id_ in (("consents", sam), ("consent_copy", form.pk), ("consent_paper", paper.pk)):
        assert night.get(night.lind, page, id_).status_code == 200
        assert night.get(night.varga, page, id_).status_code == 404
    assert night.post(night.varga, "consent_add_paper", form.pk).status_code == 404


def test_the_register_asks_the_database_as_often_for_many_as_for_few(night, sam):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert night.get(night.lind, "consents", sam).status_code == 200
        return len(captured)

    for _ in range(2):
        take(night, sam)
    few = queries()
    for number in range(12):
        take(night, sam)
        night.post(night.lind, "take_consent", sam, go=("declines", "later")[number % 2], form="HIPAA-AUTH")

    assert queries() == few


# --- paper ------------------------------------------------------------------------------------


def sent(content, name="sheet.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type=kind)


def test_a_photo_of_the_signed_paper_counts_as_the_signature(night, sam):
    form = take(night, sam, signature="", paper=sent(photo()))

    with access.opened(night.lind, "CAREMGT"):
        (paper,) = SignedPaper.objects.filter(consent=form)
        again = Image.open(io.BytesIO(bytes(paper.picture)))
    answer = night.get(night.lind, "consent_paper", paper.pk)
    assert form.channel == "on paper"
    assert form.paper_digest == paper.digest
    assert form.elements["h.sig"] == "signed on paper, and photographed"
    assert again.size == (paper.width, paper.height) == (900, 1200)
    assert answer.content == bytes(paper.picture)
    assert answer["Content-Type"] == "image/jpeg"


def test_place_and_device_are_taken_out_and_what_was_held_upright_stands_upright():
    made = picture_of(io.BytesIO(photo(1200, 900, turned=True)))

    assert (made.width, made.height) == (900, 1200)
    assert PLACE.encode() not in made.content
    assert DEVICE.encode() not in made.content
    assert not Image.open(io.BytesIO(made.content)).getexif()


def test_what_is_behind_the_pixels_does_not_come_along():
    made = picture_of(io.BytesIO(photo() + b"<script>alert(1)</script>"))

    assert b"script" not in made.content


def test_a_large_photo_is_kept_small():
    made = picture_of(io.BytesIO(photo(3000, 4000)))

    assert max(made.width, made.height) == papers.LONGEST_SIDE
    assert len(made.content) < 1_000_000


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"%PDF-1.7", photo()[:400], b"<svg xmlns='http://www.w3.org/2000/svg'/>", photo(150, 150), photo(kind="GIF")],
    ids=["nothing", "text", "pdf", "broken off", "svg", "too small", "gif"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_and_the_form_is_not_kept(night, sam, content):
    with pytest.raises(NoPicture):
        picture_of(io.BytesIO(content))
    page = night.post(
        night.lind,
        "take_consent",
        sam,
        **whole(night, signature="", paper=sent(content, "holiday-of-sam.jpg")),
    )

    assert page.status_code == 200
    assert "holiday-of-sam" not in page.content.decode()
    assert not kept(night.lind)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_that_is_small_as_a_file_and_huge_unpacked_is_refused():
    made = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")

    with pytest.raises(NoPicture):
        picture_of(made)


def test_a_photo_is_added_to_a_form_that_is_kept_and_changes_nothing_of_it(night, sam):
    from consent.services.pseudonyms import version_of

    form = take(night, sam)
    before = version_of(form)

    night.post(night.lind, "consent_add_paper", form.pk, paper=sent(photo()))
    nothing = night.browser(night.lind).post(f"/consents/{form.pk}/paper/", follow=True)

    with access.opened(night.lind, "CAREMGT"):
        assert SignedPaper.objects.count() == 1
    assert version_of(kept(night.lind)[0]) == before
    assert "Choose a photo of the signed paper." in nothing.content.decode()


def test_a_file_where_no_paper_is_asked_for_is_refused(night, sam):
    form = take(night, sam)

    assert night.post(night.lind, "take_back", form.pk, how="oral", paper=sent(photo())).status_code == 413
    assert kept(night.lind)[0].revoked_at is None


# --- the copy ---------------------------------------------------------------------------------


def test_the_copy_is_a_tagged_pdf_in_the_forms_language_and_named_after_nobody(night, sam):
    form = take(night, sam, language="es")

    answer = night.get(night.lind, "consent_copy", form.pk)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="copy.pdf"'
    assert "no-store" in answer["Cache-Control"]
    for part in (b"%PDF-1.7", b"/StructTreeRoot", b"/Lang(es)", b"<pdfuaid:part>1", b"/Marked true"):
        assert part in answer.content, part
    assert b"Sam" not in re.sub(rb"stream.*?endstream", b"", answer.content, flags=re.DOTALL)


def test_the_copy_says_the_same_after_the_words_of_the_forms_have_changed(night, sam, monkeypatch):
    form = take(night, sam)
    before = night.get(night.lind, "consent_copy", form.pk).content

    from clinical.consents import catalog

    monkeypatch.setattr(catalog, "KINDS", {})

    assert night.get(night.lind, "consent_copy", form.pk).content == before


def test_an_old_form_that_was_kept_without_its_sheet_has_a_copy_as_well(night, sam):
    with access.opened(night.lind, "CAREMGT"):
        old = services.record_consent(
            form="HIPAA-AUTH", subject_id=sam, program=night.program, segments=["CASE"], purposes=["COC"],
            recipients=[{"type": "treating_provider_ce", "organization": str(night.clinic.uid), "unit": ""}],
            elements={"h.info": "what I need", "h.revoke": "I can take it back"}, signed_at=timezone.now(),
            ends_at=timezone.now() + timedelta(days=9), explained_by=night.lind,
        )  # fmt: skip

    page = night.get(night.lind, "consent", old.pk).content.decode()

    assert "what I need" in page
    assert night.get(night.lind, "consent_copy", old.pk).content.startswith(b"%PDF")


def test_a_form_can_be_printed_before_it_is_signed_and_nothing_is_kept(night, sam):
    said_so_far = whole(night, go="print")
    del said_so_far["signature"], said_so_far["capacity"]

    answer = night.post(night.lind, "take_consent", sam, **said_so_far)

    assert answer.content.startswith(b"%PDF")
    assert not kept(night.lind)
