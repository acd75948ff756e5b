"""Every committed entry gets into the tree, once, and under a signed checkpoint that a witness has taken."""

import pytest

from consent import access
from consent.ledger.entry import leaf_hash
from consent.ledger.tree import Frontier
from consent.models import Checkpoint, Tile
from consent.services.sealing import Sealer
from tests.ledger.conftest import append

pytestmark = pytest.mark.django_db(transaction=True)


def checkpoints():
    with access.opened("system:sealer", "X-TEST"):
        return list(Checkpoint.objects.order_by("number"))


def root_of(rows):
    frontier = Frontier()
    frontier.extend([leaf_hash(row.canonical) for row in rows])
    return frontier.root()


def test_what_was_added_is_sealed_signed_and_witnessed(sealer, witness):
    rows = append(300)

    assert sealer.seal() == 300

    (checkpoint,) = checkpoints()
    seen = witness.last()
    assert (checkpoint.size, seen.size, seen.root) == (300, 300, root_of(rows))
    assert seen.note == checkpoint.note


def test_a_tree_that_grew_in_steps_is_the_tree_of_all_entries(sealer, witness, signer):
    rows = []
    for step in (1, 2, 255, 300, 0, 700):
        rows += append(step, len(rows))
        sealer.seal()
    rows += append(40, len(rows))
    Sealer(signer, witness).seal()  # one that knows nothing reads where the tree stands

    assert witness.last().root == root_of(rows)
    assert [each.size for each in checkpoints()] == [1, 3, 258, 558, 1258, 1298]
    with access.opened("system:sealer", "X-TEST"):
        assert Tile.objects.count() == 5
