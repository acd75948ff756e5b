"""Whoever carries an envelope learns neither what is in it nor how long it is."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from nacl.bindings import crypto_box_SEALBYTES
from nacl.public import PrivateKey, PublicKey, SealedBox

from referrals import sealing
from referrals.fields import Malformed

pytestmark = pytest.mark.usefixtures("sealed_to_ourselves")
many = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(st.binary(max_size=5000))
def test_what_was_sealed_is_opened_by_the_receiver(payload):
    assert sealing.unseal(sealing.seal(payload)) == payload


@many
@given(st.binary(max_size=5000))
def test_a_sealed_envelope_tells_its_length_by_the_kibibyte(payload):
    padded = len(sealing.seal(payload)) - crypto_box_SEALBYTES

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


@pytest.mark.parametrize("inside", [b"", b"\x00" * 1024, b"x" * 1024, b"x\x80", b"\x80" + b"\x00" * 1024])
def test_bad_padding_is_refused(inside, settings):
    own = PublicKey(sealing._key_bytes(settings.OTHER_SIDES_PUBLIC_KEY_FILE))

    with pytest.raises(Malformed):
        sealing.unseal(SealedBox(own).encrypt(inside))


@pytest.mark.parametrize("content", [b"", b"not base64!", b64encode(b"short"), b64encode(b"x" * 33)])
def test_a_key_file_that_holds_no_key_is_said_so(content, tmp_path, settings):
    file = Path(tmp_path) / "bad.key"
    file.write_bytes(content)
    settings.OTHER_SIDES_PUBLIC_KEY_FILE = str(file)

    with pytest.raises(sealing.BadKey):
        sealing.seal(b"payload")
