"""A verifier with nothing but its own role finds what was changed, says where, and finds nothing where nothing was.

Cites: the mutations of a sealed ledger, each by itself. ``BULKHEAD_DEEP=1`` tries each in full numbers.
"""

import random
from dataclasses import replace

import pytest
from django.conf import settings

from consent.ledger.witness import CheckpointWitness, Refused
from consent.services.sealing import Sealer
from consent.signing import Signer, opener, origin_of
from consent.verifier.run import verify
from tests.ledger.conftest import append, many
from tests.ledger.tampering import CHECKPOINTS, LEDGER, TILES, tampering

pytestmark = pytest.mark.django_db(transaction=True)
ENTRIES = 340  # more than one tile of the tree


@pytest.fixture
def sealed(sealer):
    """A ledger of some hundred entries under several checkpoints."""
    rows = []
    for step in (1, 40, 0, 220, 3, ENTRIES - 264):
        rows += append(step, len(rows))
        sealer.seal()
    return rows


@pytest.fixture
def hands(database, sealed):
    with tampering(database) as found:
        yield found


def codes(verdict):
    return {finding.code for finding in verdict.findings}


def found(verdict):
    assert verdict.verdict == "changed", (verdict.verdict, verdict.why)
    return verdict.findings


def test_an_untouched_ledger_is_intact_and_all_of_it_was_read(sealed, means):
    verdict = verify(means)

    assert verdict.verdict == "intact", [str(each) for each in verdict.findings]
    assert (verdict.size, verdict.checked, verdict.exit_code) == (ENTRIES, ENTRIES, 0)


def test_only_what_came_since_the_last_check_is_read_again(sealed, means, sealer):
    verify(means)
    append(7, ENTRIES)
    sealer.seal()

    verdict = verify(means, since_last=True)

    assert (verdict.verdict, verdict.checked, verdict.size) == ("intact", 7, ENTRIES + 7)


def test_each_column_changed_by_the_owner_is_named_with_its_entry(hands, means):
    numbers, dice, tried = hands.numbers(), random.Random(1), 0
    named = set()
    while tried < many(150, 5_000):
        for column, expression in hands.mutations():
            number = dice.choice(numbers)
            if not hands.change(number, column, expression):
                continue
            tried += 1
            findings = found(verify(means))
            here = [each for each in findings if each.number == number or column == "number"]
            assert here, (column, expression, list(map(str, findings)))
            assert column in {"number", "canonical"} or column in {each.column for each in here}, (
                column,
                expression,
            )
            assert len({each.number for each in findings if each.column}) <= 1
            named.add(column)
            hands.undo()

    assert named == {column for column, _kind in hands.columns}
    assert verify(means).verdict == "intact"


def test_rows_taken_out_put_in_exchanged_or_renumbered_are_found(hands, means):
    """Hashes made anew as far as that goes without the signing key."""
    numbers, dice = hands.numbers(), random.Random(2)
    for _again in range(many(6, 170)):
        one, other = dice.sample(numbers, 2)
        deeds = {
            "missing": (hands.delete, one),
            "added": (hands.insert_copy, one, -dice.randrange(1, 10**6)),
            "exchanged": (hands.exchange, one, other),
            "renumbered": (hands.renumber, one, -one),
            "pushed": (hands.push_numbers,),
        }
        for name, (deed, *given) in deeds.items():
            deed(*given)
            findings = found(verify(means))
            wanted = {"missing": {"missing"}, "added": {"added"}}.get(
                name, {"changed", "order", "missing", "checkpoint"}
            )
            assert {each.code for each in findings} & wanted, (name, given, list(map(str, findings)))
            if name in ("missing", "added"):
                assert [each.number for each in findings] == [given[-1]]
            hands.undo()


def test_an_entry_and_its_hash_changed_together_are_named_by_the_tree(hands, means):
    """Canonical bytes, hash and columns all agree with each other: only the tree says otherwise."""
    dice = random.Random(3)
    for _again in range(many(4, 100)):
        number = dice.choice(hands.numbers()[:250])  # the first tile is full
        hands.forge(number)
        findings = found(verify(means))
        assert number in {each.number for each in findings}, list(map(str, findings))
        hands.undo()


def test_an_entry_forged_together_with_the_tree_is_found_under_its_checkpoint(hands, means):
    for number in hands.numbers()[:: many(60, 4)]:
        hands.forge(number)
        hands.repair_tiles()
        findings = found(verify(means))
        assert {each.code for each in findings} <= {"order", "changed"}, list(map(str, findings))
        hands.undo()


def test_a_tail_cut_off_with_the_head_repaired_is_found_by_the_witness(hands, means, sealer, witness):
    verify(means)
    without_memory = replace(means, memory=None)
    for checkpoints in range(1, 6):
        hands.cut_tail(checkpoints)
        assert {each.code for each in found(verify(without_memory))} == {"tail"}
        assert "tail" in {each.code for each in found(verify(means, since_last=True))}
        assert (
            verify(replace(without_memory, witnesses=())).verdict == "intact"
        )  # nothing but the witness knows
        hands.undo()
    hands.cut_tail(2)
    append(500, 1_000)
    with pytest.raises(Refused):
        sealer.seal()  # it refuses to seal a history that the witness did not see


def test_two_histories_shown_to_two_verifiers_contradict_each_other(hands, means, witness, signer, tmp_path):
    """The key itself was misused: after the same beginning another tail was signed."""
    for number in range(many(3, 100)):
        hands.cut_tail(1 + number % 3)
        elsewhere = CheckpointWitness(
            tmp_path / f"other-{number}.jsonl", opener([signer.public], origin_of(settings.SIDE))
        )
        append(60, 2_000 + 100 * number)
        Sealer(signer, elsewhere).seal()
        other = replace(means, memory=None, witnesses=(elsewhere.file.path,))
        assert verify(other).verdict == "intact"
        both = replace(other, witnesses=(elsewhere.file.path, witness.file.path))
        assert {"fork", "tail"} & {each.code for each in found(verify(both))}
        hands.undo()


def test_an_older_witness_file_is_refused_by_verifier_and_sealer(hands, means, witness):
    lines = witness.file.path.read_bytes().splitlines(keepends=True)
    verify(means)
    hands.let_a_minute_pass()
    for kept in [*range(len(lines))][: many(3, 100)]:
        witness.file.path.write_bytes(b"".join(lines[:kept]))
        assert codes(verify(replace(means, memory=None))) == {"witness"}
        assert "witness" in codes(verify(means, since_last=True))
    witness.file.path.unlink()
    assert codes(verify(means)) == {"witness"}


def test_a_view_a_search_path_or_a_time_zone_do_not_deceive_it(hands, means):
    role = f"{settings.SIDE}_verifier"
    database = hands.sql.info.dbname
    hands.sql.execute("create schema other")
    hands.sql.execute(f"create table other.{LEDGER} (like public.{LEDGER})")
    hands.sql.execute(f"grant usage on schema other to {role}")
    for setting, value in (
        ("search_path", "other"), ("TimeZone", "'Asia/Kathmandu'"), ("DateStyle", "'German'"),
        ("bytea_output", "escape"), ("IntervalStyle", "iso_8601"), ("extra_float_digits", "-15"),
    ):  # fmt: skip
        hands.sql.execute(f"alter database {database} set {setting} to {value}")
        assert verify(means).verdict == "intact", setting
    hands.change(hands.numbers()[7], "actor", "'somebody'")
    assert codes(verify(means)) == {"changed"}


@pytest.mark.parametrize("table", [LEDGER, CHECKPOINTS, TILES])
def test_a_view_in_a_tables_place_is_a_check_that_could_not_be_made(hands, means, table):
    hands.sql.execute(f"alter table {table} rename to hidden")
    hands.sql.execute(f"create view {table} as table hidden")
    hands.sql.execute(f"grant select on {table}, hidden to {settings.SIDE}_verifier")

    verdict = verify(means)

    assert (verdict.verdict, verdict.exit_code) == ("not run", 2)
    assert "not a plain table" in verdict.why


def test_what_is_in_no_checkpoint_after_a_minute_is_told(hands, means):
    assert verify(means).verdict == "intact"
    append(3, 900)  # of noon

    assert codes(verify(means)) == {"unsealed"}


def test_checkpoints_of_another_key_are_none(means, sealed):
    stranger = Signer(b"s" * 32, origin_of(settings.SIDE))

    assert "checkpoint" in codes(verify(replace(means, keys=(stranger.public,))))


def test_a_database_that_does_not_answer_is_a_reason_for_an_alarm(means):
    verdict = verify(replace(means, url="postgres://nobody@127.0.0.1:1/none"))

    assert (verdict.verdict, verdict.exit_code) == ("not run", 2)
