"""Passwords made of words: a person can read one from a page and type it."""

import secrets

WORDS = (
    "acorn amber anvil apple apron arrow aspen autumn badge baker banjo barley basil basin beacon berry birch "
    "biscuit bison blanket blossom bobbin bonnet border bottle branch brass bread breeze brick bridge bronze "
    "brook brush bucket butter button cabin cactus camel candle canvas canyon carpet castle cedar cello chalk "
    "cherry chestnut cider cinder circle clover coast cobalt comet copper coral cotton cricket crystal curtain "
    "cypress daisy dawn desert dragon drum dune eagle ember engine falcon feather fennel fern fiddle field "
    "flint flute forest fossil fountain frost garden garlic garnet ginger glacier globe goose granite grape "
    "gravel harbor harvest hazel heather hedge heron hollow honey horizon indigo island ivory jacket jasmine "
    "jigsaw juniper kettle kite ladder lagoon lantern laurel lavender lemon library lilac linen lobster locket "
    "lotus magnet maple marble marsh meadow melon mirror mitten morning mosaic mountain mustard needle nickel "
    "nutmeg oasis ocean olive onion orange orchard organ otter oyster paddle palace paper parsley pebble pepper "
    "pigeon pillow planet plum pocket pollen poplar prairie pumpkin quarry quartz quilt rabbit radish raven "
    "ribbon river robin rocket saddle saffron salmon satin scarlet shadow shelter silver sparrow spruce squash "
    "starling stone summer sunset swallow tablet teapot temple thistle thunder timber tomato trumpet tulip "
    "tunnel turnip valley velvet village violet walnut weaver whistle willow window winter yarrow zephyr"
).split()
WORDS_IN_A_PASSWORD = 5  # of some 230: about 39 bits, behind a lock after five wrong tries


def passphrase() -> str:
    """A new password in words that can be read aloud."""
    return "-".join(secrets.choice(WORDS) for _ in range(WORDS_IN_A_PASSWORD))
