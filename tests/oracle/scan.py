"""Finds canaries in bytes, whatever they are wrapped in.

Every coding is undone where it is recognised and what comes out is searched again, so that
a name in a base64 string in a JSON body in a gzip stream is found like one in plain sight.
"""

import base64
import binascii
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from itertools import islice
from urllib.parse import unquote_to_bytes

from tests.oracle.canary import Canary, Registry, planted

DEPTH = 5  # codings within codings
MAX_UNPACKED = 32_000_000  # bytes out of one compressed stream
MAX_STREAMS = 500  # compressed streams tried in one blob
PRINTABLE = bytes(range(32, 127)) + b"\t\n\r"
MAGIC = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"%PDF",
    b"\xff\xfe",
    b"\xfe\xff",
    b"x\x9c",
    b"x\x01",
    b"x\xda",
    b"x\x5e",
)
HINTS = re.compile(rb"cnry|zev|190|555", re.IGNORECASE)

Decoder = Callable[[bytes], Iterator[bytes]]


def scan(data: bytes, known: Registry = planted) -> set[Canary]:
    """The canaries in ``data``, in plain sight or under up to `DEPTH` codings."""
    found: set[Canary] = set()
    seen: set[int] = set()
    blobs = [data]
    for _ in range(DEPTH + 1):
        inner: list[bytes] = []
        for blob in blobs:
            if hash(blob) in seen:
                continue
            seen.add(hash(blob))
            found |= known.find(blob.decode("latin-1").lower())
            for decoder in DECODERS:
                inner.extend(decoder(blob))
        blobs = inner
    return found


def to_bytes(text: str) -> bytes:
    """Text as the bytes it stood for: one byte a character, or UTF-8 where that is too narrow."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def percent(blob: bytes) -> Iterator[bytes]:
    if re.search(rb"%[0-9a-fA-F]{2}", blob):
        yield unquote_to_bytes(blob)


def entities(blob: bytes) -> Iterator[bytes]:
    """Numeric entities mean the character they name (`html.unescape` would guess at Windows-1252)."""
    if b"&" not in blob:
        return

    def character(match: re.Match[str]) -> str:
        number = int(match[1]) if match[1] else int(match[2], 16)
        return chr(number) if number < 0x110000 else match[0]

    text = re.sub(r"&#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));?", character, blob.decode("latin-1"))
    yield to_bytes(unescape(text))


SIMPLE_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})|(\r\n|[\s\S]))")


def escapes(blob: bytes) -> Iterator[bytes]:
    """Backslashes of JSON, JavaScript, Python literals and PDF strings."""
    if b"\\" not in blob:
        return

    def character(match: re.Match[str]) -> str:
        if hexadecimal := match[1] or match[2]:
            return chr(int(hexadecimal, 16))
        if match[3]:
            return chr(int(match[3], 8) & 0xFF)
        return "" if match[4] in "\r\n" else SIMPLE_ESCAPES.get(match[4], match[4])

    yield to_bytes(ESCAPE.sub(character, blob.decode("latin-1")))


def quoted_printable(blob: bytes) -> Iterator[bytes]:
    if re.search(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)", blob):
        yield binascii.a2b_qp(blob)


BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{11,}(?:\s{1,2}[A-Za-z0-9+/_-]{11,})*=?=?")


def base64_runs(blob: bytes) -> Iterator[bytes]:
    """Runs that may be base64, from each of the four places where its groups may begin."""
    for match in BASE64_RUN.finditer(blob):
        if match[0].islower():
            continue  # a class, an address or an id: base64 of that length has capitals
        run = re.sub(rb"\s|=", b"", match[0]).replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            piece = run[start:]
            usable = len(piece) - (1 if len(piece) % 4 == 1 else 0)
            try:
                decoded = base64.b64decode(piece[:usable] + b"=" * (-usable % 4))
            except binascii.Error:
                continue
            if tells_something(decoded):
                yield decoded


def tells_something(decoded: bytes) -> bool:
    """Is it text, wide text, a container or a hint of a canary, and not a word read as base64?"""
    if decoded.startswith(MAGIC) or HINTS.search(decoded):
        return True
    head = decoded[:512]
    return len(head) >= 8 and len(head.translate(None, PRINTABLE + b"\0")) <= len(head) // 5


def inflate(data: bytes, window: int) -> bytes | None:
    try:
        return zlib.decompressobj(window).decompress(data, MAX_UNPACKED)
    except zlib.error:
        return None


def compressed(blob: bytes) -> Iterator[bytes]:
    """Gzip and zlib streams, wherever they begin."""
    for match in islice(re.finditer(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]", blob), MAX_STREAMS):
        window = 31 if match[0][0] == 0x1F else 15
        if unpacked := inflate(blob[match.start() :], window):
            yield unpacked


def archives(blob: bytes) -> Iterator[bytes]:
    """The members of a zip file (and so of a spreadsheet or document), their names too."""
    start = blob.find(b"PK\x03\x04")
    if start < 0:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(blob[start:])) as archive:
            for member in archive.infolist():
                yield member.filename.encode()
                with archive.open(member) as opened:
                    yield opened.read(MAX_UNPACKED)
    except Exception:  # a zip reader fed with anything raises anything
        yield from torn_members(blob)


def torn_members(blob: bytes) -> Iterator[bytes]:
    """What can be had of a zip file without its directory: cut off, or still being written."""
    for match in re.finditer(rb"PK\x03\x04.{22}(?P<name>..)(?P<extra>..)", blob, re.DOTALL):
        lengths = (int.from_bytes(match["name"], "little"), int.from_bytes(match["extra"], "little"))
        if unpacked := inflate(blob[match.end() + sum(lengths) :], -15):
            yield unpacked


def wide(blob: bytes) -> Iterator[bytes]:
    """UTF-16 of either order, beginning at an even or an odd byte."""
    if b"\0" not in blob:
        return
    yield blob.replace(b"\0", b"")
    for start in (0, 1):
        even = blob[start : start + (len(blob) - start) // 2 * 2]
        for order in ("utf-16-le", "utf-16-be"):
            narrow = even.decode(order, "replace").replace("\ufeff", "")
            if narrow and max(narrow) < "\u0100":
                yield narrow.encode("latin-1")


PDF_STRING = re.compile(rb"\((?:[^()\\]|\\[\s\S])*\)|<[0-9a-fA-F\s]{4,}>")


def pdf(blob: bytes) -> Iterator[bytes]:
    """Text shown by a page: streams under ASCII85, strings cut up for kerning, hexadecimal strings."""
    if b"%PDF" in blob:
        for match in re.finditer(rb"stream\r?\n(.*?)\s*endstream", blob, re.DOTALL):
            body = match[1].strip()
            if body.endswith(b"~>"):
                try:
                    yield base64.a85decode(body.removeprefix(b"<~").removesuffix(b"~>"))
                except ValueError:
                    continue
    if re.search(rb"\bT[jJ]\b", blob) or b"%PDF" in blob:
        yield b"".join(map(shown, PDF_STRING.findall(blob)))


def shown(string: bytes) -> bytes:
    if string.startswith(b"("):
        return string[1:-1]
    digits = re.sub(rb"\s", b"", string[1:-1])
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


DECODERS: tuple[Decoder, ...] = (
    percent,
    entities,
    escapes,
    quoted_printable,
    base64_runs,
    compressed,
    archives,
    wide,
    pdf,
)
