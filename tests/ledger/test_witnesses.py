"""A witness remembers what it was shown, and lets nobody take it back."""

import json
import multiprocessing
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ledger.files import BadFile, LinesFile
from consent.ledger.note import COSIGNATURE, BadNote, Checkpoint, PublicKey, cosigned_at, opened
from consent.ledger.tree import consistency_proof, subtrees_of
from consent.ledger.witness import (
    SMALLEST_PAD,
    CheckpointWitness,
    DigestWitness,
    Refused,
    Told,
    digest_of,
    padded,
)
from consent.signing import Signer, is_signed, opener, public_keys

LEAVES = [bytes([number % 256, number // 256]) * 16 for number in range(700)]
FORK = [*LEAVES[:100], b"x" * 32, *LEAVES[101:]]
LOG = Signer(b"l" * 32, "example.org/log")
WITNESS = Signer(b"w" * 32, "example.org/witness", COSIGNATURE)
HOUR = datetime(2026, 11, 25, 4, tzinfo=UTC)


def note(size, leaves=LEAVES, signer=LOG, **more):
    root = subtrees_of(leaves)(0, size)
    return signer.signed(Checkpoint(origin="example.org/log", size=size, root=root, **more))


def proof(old, new, leaves=LEAVES):
    return consistency_proof(old, new, subtrees_of(leaves))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "witness.jsonl"


@pytest.fixture
def witness(path):
    return CheckpointWitness(
        path,
        opener([LOG.public], "example.org/log"),
        cosign=lambda text: WITNESS.cosigned(text, at=1_764_000_000),
    )


def add(witness, old, size, leaves=LEAVES, **more):
    with witness.locked() as session:
        return session.add(old, proof(old, size, leaves), note(size, leaves, **more))


def refusal(witness, *what, **more):
    with pytest.raises(Refused) as refused:
        add(witness, *what, **more)
    return refused.value.code


def test_a_checkpoint_that_extends_the_last_is_taken_and_cosigned(witness):
    add(witness, 0, 10)
    taken = add(witness, 10, 300)

    assert witness.last().size == 300
    assert [seen.size for seen in witness.all()] == [10, 300]
    assert cosigned_at(taken, [WITNESS.public], is_signed) == 1_764_000_000
    assert opened(taken, [LOG.public], is_signed).size == 300


def test_the_same_tree_again_is_taken_and_another_of_its_size_is_a_conflict(witness):
    add(witness, 0, 200)
    add(witness, 200, 200, more=("at later",))

    assert refusal(witness, 200, 200, FORK) == "conflict"


def test_what_does_not_extend_the_last_is_refused(witness):
    add(witness, 0, 200)

    with witness.locked() as session:
        for old, hashes, text, code in (
            (199, proof(199, 300), note(300), "stale"),
            (0, [], note(300), "stale"),
            (200, [], note(150), "rollback"),
            (200, proof(200, 300, FORK), note(300, FORK), "inconsistent"),
            (200, proof(200, 300)[:-1], note(300), "inconsistent"),
            (200, [], note(300), "inconsistent"),
            (200, proof(200, 300), note(300, signer=Signer(b"o" * 32, "example.org/log")), "unsigned"),
            (200, proof(200, 300), note(300).replace("300", "301"), "unsigned"),
        ):
            with pytest.raises(Refused) as refused:
                session.add(old, hashes, text)
            assert refused.value.code == code
    assert witness.last().size == 200


def compete(path, sizes, results):
    witness = CheckpointWitness(path, opener([LOG.public], "example.org/log"))
    for size in sizes:
        with witness.locked() as session:
            old = session.last.size
            try:
                session.add(old, proof(old, size) if old <= size else [], note(size))
                results.put("taken")
            except Refused as refused:
                results.put(refused.code)


def test_of_writers_at_once_none_rolls_another_back(path):
    results = multiprocessing.Queue()
    writers = [
        multiprocessing.Process(target=compete, args=(path, range(first, 121, 3), results))
        for first in (1, 2, 3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    sizes = [seen.size for seen in CheckpointWitness(path, opener([LOG.public], "example.org/log")).all()]
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert sizes == sorted(set(sizes))
    outcomes = [results.get() for _size in range(120)]
    assert outcomes.count("taken") == len(sizes)
    assert set(outcomes) <= {"taken", "rollback"}
    assert sizes[-1] == 120


def test_a_line_that_a_crash_cut_short_is_taken_off_by_the_next(witness, path):
    add(witness, 0, 10)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"note":"example.org')

    assert witness.last().size == 10
    add(witness, 10, 20)

    assert [seen.size for seen in witness.all()] == [10, 20]
    assert path.read_bytes().startswith(whole)


@pytest.mark.parametrize("line", [b"no json\n", b"[]\n", b'{"note": 5}\n', b'{"note": "unsigned"}\n'])
def test_a_line_that_is_not_the_witnesss_own_is_told(witness, path, line):
    path.parent.mkdir()
    path.write_bytes(line)

    with pytest.raises(BadFile):
        witness.last()
    with pytest.raises(BadFile), witness.locked():
        pass


def test_nothing_is_told_before_it_is_on_the_disk(path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}")))

    with LinesFile(path).locked() as writer:
        writer.add({"a": 1})

    assert str(path) in synced
    assert str(path.parent) in synced
    assert json.loads(path.read_text()) == {"a": 1}


def told(hours=0, digest="ab" * 32, size=SMALLEST_PAD):
    return Told(hour=HOUR + timedelta(hours=hours), digest=digest, padded_size=size)


def test_an_hour_is_told_once_and_never_taken_back(path):
    witness = DigestWitness(path)

    assert witness.add(told())
    assert not witness.add(told())  # the envelope was tried again
    assert witness.add(told(2, "cd" * 32, 2 * SMALLEST_PAD))
    for changed, code in (
        (told(2, "ef" * 32, 2 * SMALLEST_PAD), "conflict"),
        (told(2, "cd" * 32, 4 * SMALLEST_PAD), "conflict"),
        (told(1, "cd" * 32, 2 * SMALLEST_PAD), "rollback"),
        (told(3, "ef" * 32, SMALLEST_PAD), "rollback"),
    ):
        with pytest.raises(Refused) as refused:
            witness.add(changed)
        assert refused.value.code == code
    assert list(witness.all()) == [told(), told(2, "cd" * 32, 2 * SMALLEST_PAD)]


@given(st.integers(0, 1 << 40))
def test_a_padded_size_is_a_power_of_two_that_holds_the_size(size):
    found = padded(size)

    assert found >= max(size, SMALLEST_PAD)
    assert found & (found - 1) == 0
    assert found == SMALLEST_PAD or found < 2 * size


def test_two_quiet_hours_do_not_look_alike():
    assert digest_of(note(5, more=("at 1",))) != digest_of(note(5, more=("at 2",)))
    assert digest_of(WITNESS.cosigned(note(5), at=3)) == digest_of(note(5))


def test_the_notes_of_the_specification_are_read():
    """The example of c2sp.org/signed-note, and its key."""
    text = "Ognuno sta solo sul cuor della terra\n"
    with pytest.raises(BadNote):
        opened(
            f"{text}\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n",
            [LOG.public],
            is_signed,
        )
    key = PublicKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert (key.name, key.id.hex()) == ("PeterNeumann", "c74f20a3")
    assert str(key) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_note_of_gos_own_package_is_checked_with_its_key():
    """The example note of golang.org/x/mod/sumdb/note: another implementation's signature."""
    key = PublicKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

    with pytest.raises(BadNote, match="not a checkpoint"):  # the signature holds; the text is another thing
        opened(f"{text}\n— PeterNeumann {line}\n", [key], is_signed)
    with pytest.raises(BadNote, match="not its key"):
        opened(f"{text}\n— PeterNeumann {line[:-4]}AAA=\n", [key], is_signed)


@given(st.data())
@settings(max_examples=300)
def test_no_byte_of_a_note_can_be_changed(data):
    text = note(5, more=("at 1",))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != text[at]))

    with pytest.raises(BadNote):
        opened(text[:at] + other + text[at + 1 :], [LOG.public], is_signed)


def test_a_public_key_file_holds_old_keys_too(tmp_path):
    file = tmp_path / "keys"
    older = Signer(b"o" * 32, "example.org/log")
    file.write_text(f"{LOG.public}\n# until March\n{older.public}\n")

    open_note = opener(public_keys(file), "example.org/log")

    assert open_note(note(5, signer=older)).size == open_note(note(5)).size == 5
