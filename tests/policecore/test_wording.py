"""Which words an officer is asked to think about, and which are nobody's business."""

import pytest

from consent.labels import speech
from policecore import wording


@pytest.mark.parametrize(
    "text",
    [
        "schizophrenic", "Bipolar!", "he’s off his meds", "off  his\nmeds", "OFF-HIS-MEDS", "a psych", "EDP", "on Suboxone",
        "suicidal", "ＢＩＰＯＬＡＲ", "self-harm", "a 302 last week", "takes emtricitabine", "on Biktarvy", "acamprosate",
    ],
)  # fmt: skip
def test_a_clinical_word_is_found_however_it_is_written(text):
    assert wording.clinical_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "302 Penn Ave", "very frightened, spoke to nobody in sight", "psychology building", "Manice Street", "the medstore",
        "says he wants to die", "naloxone given", "fell twice", "", "Hadolphus Way",
    ],
)  # fmt: skip
def test_what_was_seen_or_heard_or_is_a_name_passes(text):
    assert wording.clinical_words(text) == []
    assert wording.record_words(text) == []


@pytest.mark.parametrize(
    "text", ["NCIC hit", "ran him", "on parole", "priors for theft", "active warrants", "suspect fled"]
)
def test_a_word_of_a_record_check_is_found(text):
    assert wording.record_words(text)


def test_each_word_is_told_once():
    assert wording.clinical_words("psych, PSYCH", "psych") == ["psych"]


@pytest.mark.parametrize("name", ["clinical", "record"])
def test_the_lists_hold_each_phrase_once(name):
    folder = {"clinical": speech.FOLDER, "record": wording.FOLDER}[name]
    phrases = speech.phrases_in(folder / {"clinical": "trade.txt", "record": "record.txt"}[name])

    assert len(phrases) == len(set(phrases))
    assert phrases == [phrase.lower() for phrase in phrases]
