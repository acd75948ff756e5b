"""Whoever carries an envelope learns neither what is in it nor how long it is, and can't make one."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from nacl.bindings import crypto_box_SEALBYTES, sodium_pad
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox

from referrals import sealing
from referrals.fields import Malformed

pytestmark = pytest.mark.usefixtures("sealed_to_ourselves")
AROUND = crypto_box_SEALBYTES + Box.NONCE_SIZE + 16  # and the inner box's tag
many = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(st.binary(max_size=5000))
def test_what_was_sealed_is_opened_by_the_receiver(payload):
    assert sealing.unseal(sealing.seal(payload)) == payload


@many
@given(st.binary(max_size=5000))
def test_a_sealed_envelope_tells_its_length_by_the_kibibyte(payload):
    padded = len(sealing.seal(payload)) - AROUND

    assert padded % 1024 == 0
    assert len(payload) < padded <= len(payload) + 1024


@pytest.mark.parametrize("place", [0, 40, 60, -1])
def test_a_changed_byte_is_refused(place):
    sealed = bytearray(sealing.seal(b"payload"))
    sealed[place] ^= 1

    with pytest.raises(Malformed):
        sealing.unseal(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 1072, b"x" * 100_000])
def test_bytes_that_were_never_sealed_are_refused(sealed):
    with pytest.raises(Malformed):
        sealing.unseal(sealed)


def test_what_was_sealed_to_somebody_else_is_refused():
    other = PrivateKey.generate().public_key

    with pytest.raises(Malformed):
        sealing.unseal(SealedBox(other).encrypt(b"\x80" + b"\x00" * 1023))


def sealed_by(sender, inside, settings):
    """What ``sender`` seals to this side, whose public key everybody may know."""
    this_side = PublicKey(sealing._key_bytes(settings.OTHER_SIDES_PUBLIC_KEY_FILE))
    return SealedBox(this_side).encrypt(Box(sender, this_side).encrypt(inside) if sender else inside)


@pytest.mark.parametrize("inside", [b"", b"\x00" * 1024, b"x" * 1024, b"x\x80", b"\x80" + b"\x00" * 1024])
def test_bad_padding_is_refused(inside, settings):
    own = PrivateKey(sealing._key_bytes(settings.SEALING_KEY_FILE))

    with pytest.raises(Malformed, match="not padded"):
        sealing.unseal(sealed_by(own, inside, settings))


@pytest.mark.parametrize("sender", [None, PrivateKey.generate()], ids=["nobody", "a stranger"])
def test_whoever_has_only_the_public_key_makes_no_envelope(sender, settings):
    """The exchange may add to the inbox, and the key that seals to a side is no secret."""
    with pytest.raises(Malformed, match="not from the other side"):
        sealing.unseal(sealed_by(sender, sodium_pad(b"payload", 1024), settings))


def test_the_sender_can_not_open_what_it_sent(settings):
    sender = PrivateKey.generate()
    inside = sealed_by(sender, sodium_pad(b"payload", 1024), settings)

    this_side = PublicKey(sealing._key_bytes(settings.OTHER_SIDES_PUBLIC_KEY_FILE))
    for box in (SealedBox(sender), Box(sender, this_side)):
        with pytest.raises(CryptoError):
            box.decrypt(inside)


@pytest.mark.parametrize("content", [b"", b"not base64!", b64encode(b"short"), b64encode(b"x" * 33)])
def test_a_key_file_that_holds_no_key_is_said_so(content, tmp_path, settings):
    file = Path(tmp_path) / "bad.key"
    file.write_bytes(content)
    settings.OTHER_SIDES_PUBLIC_KEY_FILE = str(file)

    with pytest.raises(sealing.BadKey):
        sealing.seal(b"payload")
