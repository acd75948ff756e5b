"""Photos as a phone takes them: of any size, with the place and the device written behind the pixels."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

PLACE, DEVICE = "40.4406 N 79.9959 W", "Phone of Lind"


def photo(width: int = 900, height: int = 1200, *, kind: str = "JPEG", turned: bool = False) -> bytes:
    """A sheet with something on it; ``turned`` is how a phone stores what was held upright."""
    picture = Image.new("RGB", (width, height), (240, 240, 236))
    ImageDraw.Draw(picture).line((10, 10, width // 2, height // 2), fill=(20, 20, 60), width=9)
    about: Any = Image.Exif()
    about[0x0110], about[0x010E] = DEVICE, PLACE
    if turned:
        about[0x0112] = 6
    made = BytesIO()
    picture.save(made, kind, exif=about)
    return made.getvalue()
