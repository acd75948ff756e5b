"""The tree is that of RFC 6962: the same roots and proofs as an independent implementation, at every size."""

import hashlib
import warnings
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from consent.ledger.entry import leaf_hash
from consent.ledger.tree import (
    EMPTY_ROOT,
    BadProof,
    Frontier,
    check_consistency,
    consistency_proof,
    inclusion_proof,
    root_of_inclusion,
    subtrees_of,
)

ALL, MOST = 300, 5_000
LEAVES = [leaf_hash(str(number).encode()) for number in range(MOST)]
SUBTREES = subtrees_of(LEAVES)
OTHER = hashlib.sha256(b"another").digest()


@pytest.fixture(scope="module")
def oracle():
    tree = InmemoryTree(algorithm="sha256")
    for number in range(MOST):
        tree.append_entry(str(number).encode())
    return tree


@lru_cache(maxsize=MOST)
def root(size):
    frontier = Frontier()
    frontier.extend(LEAVES[:size])
    return frontier.root()


def path(proof):
    """The oracle's proof without the hash that it begins with, which RFC 6962 leaves out."""
    return [
        bytes(each) if isinstance(each, bytes) else bytes.fromhex(each) for each in proof.serialize()["path"]
    ]


def root_of(oracle, size):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return oracle.get_state(size)


def agrees_on_inclusion(oracle, index, size):
    proof = inclusion_proof(index, size, SUBTREES)
    assert proof == path(oracle.prove_inclusion(index + 1, size))[1:]
    assert root_of_inclusion(index, size, LEAVES[index], proof) == root(size)


def agrees_on_consistency(oracle, old, new):
    """The oracle's own proofs are laid out otherwise, so its roots judge ours."""
    proof = consistency_proof(old, new, SUBTREES)
    check_consistency(old, root_of(oracle, old), new, root_of(oracle, new), proof)


def test_no_entry_has_the_hash_of_nothing():
    assert Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_roots_are_the_oracles_up_to_some_hundreds(oracle):
    one_by_one = Frontier()
    for size in range(1, ALL + 1):
        one_by_one.append(LEAVES[size - 1])
        assert one_by_one.root() == root(size) == root_of(oracle, size)


@given(st.integers(1, MOST))
@settings(max_examples=60, deadline=None)
def test_roots_are_the_oracles_beyond(oracle, size):
    assert root(size) == root_of(oracle, size)


@given(st.lists(st.integers(0, 700), max_size=8))
@settings(deadline=None)
def test_a_frontier_may_grow_in_any_steps_and_rest_on_paper_between(steps):
    frontier = Frontier()
    for step in steps:
        frontier = Frontier.from_bytes(frontier.size, frontier.to_bytes())
        frontier.extend(LEAVES[frontier.size : min(frontier.size + step, MOST)])
    assert frontier.root() == (root(frontier.size) if frontier.size else EMPTY_ROOT)


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="not the frontier"):
        Frontier(3, [OTHER])


@pytest.mark.parametrize("size", [*range(1, 70), 127, 128, 129, 255, 256, 257, ALL])
def test_inclusion_is_proved_as_the_oracle_proves_it(oracle, size):
    for index in range(size):
        agrees_on_inclusion(oracle, index, size)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_inclusion_is_proved_as_the_oracle_proves_it_beyond(oracle, data):
    size = data.draw(st.integers(1, MOST))
    agrees_on_inclusion(oracle, data.draw(st.integers(0, size - 1)), size)


@pytest.mark.parametrize("new", [*range(1, 40), 64, 65, 127, 128, 129, 257])
def test_consistency_is_proved_between_the_oracles_roots(oracle, new):
    for old in range(1, new + 1):
        agrees_on_consistency(oracle, old, new)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_consistency_is_proved_between_the_oracles_roots_beyond(oracle, data):
    new = data.draw(st.integers(1, MOST))
    agrees_on_consistency(oracle, data.draw(st.integers(1, new)), new)


@given(st.data())
@settings(deadline=None)
def test_a_proof_of_inclusion_with_one_thing_changed_leads_elsewhere(data):
    size = data.draw(st.integers(2, 600))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, SUBTREES)
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [
        (index, LEAVES[index], [*proof[:at], OTHER, *proof[at + 1 :]]),
        (index, OTHER, proof),
        (index, LEAVES[index], proof[:at] + proof[at + 1 :]),
        (index, LEAVES[index], [*proof[:at], OTHER, *proof[at:]]),
        ((index + 1) % size, LEAVES[index], proof),
    ]
    for where, leaf, hashes in changed:
        try:
            found = root_of_inclusion(where, size, leaf, hashes)
        except BadProof:
            continue
        assert found != root(size)


@given(st.data())
@settings(deadline=None)
def test_a_proof_of_consistency_with_one_thing_changed_is_refused(data):
    new = data.draw(st.integers(2, 600))
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, SUBTREES)
    at = data.draw(st.integers(0, len(proof) - 1))
    good = (old, root(old), new, root(new), proof)
    check_consistency(*good)
    for changed in (
        (old, OTHER, *good[2:]),
        (*good[:3], OTHER, proof),
        (*good[:4], [*proof[:at], OTHER, *proof[at + 1 :]]),
        (*good[:4], proof[:at] + proof[at + 1 :]),
        (*good[:4], [*proof[:at], OTHER, *proof[at:]]),
        (new, root(new), old, root(old), proof),
    ):
        with pytest.raises(BadProof):
            check_consistency(*changed)


def test_two_roots_of_one_size_are_a_fork():
    check_consistency(5, root(5), 5, root(5), [])
    with pytest.raises(BadProof):
        check_consistency(5, root(5), 5, OTHER, [])
