"""Invented names. Family names are parts of ships, streets are knots: nobody takes them for real ones.

Telephone numbers lie in the block 555-0100 to 555-0199, which is kept for fiction.
"""

from random import Random

GIVEN = (
    "Ada", "Alba", "Amos", "Anselm", "Asa", "Beryl", "Bram", "Callum", "Cleo", "Corin", "Dara", "Delphine",
    "Edda", "Eli", "Emeric", "Enid", "Faye", "Felix", "Gideon", "Greta", "Hollis", "Ida", "Ines", "Ivo",
    "Jonas", "Juno", "Kit", "Lorne", "Lucan", "Mabel", "Marlow", "Mina", "Nell", "Noor", "Odell", "Orla",
    "Perrin", "Petra", "Quill", "Ramona", "Reed", "Rhea", "Sable", "Selwyn", "Tamsin", "Theo", "Una", "Vera",
    "Wendell", "Willa", "Yara", "Zeno",
)  # fmt: skip
FAMILY = (
    "Anchorage", "Backstay", "Ballast", "Batten", "Bilge", "Binnacle", "Bobstay", "Bollard", "Bowline",
    "Bowsprit", "Bulwark", "Cableknot", "Capstan", "Cleatwell", "Coaming", "Crosstree", "Cutwater", "Davit",
    "Deadeye", "Fairlead", "Foremast", "Forepeak", "Freeboard", "Futtock", "Gangway", "Garboard", "Gunwale",
    "Halyard", "Hawser", "Headsail", "Jackstaff", "Jibsheet", "Keelson", "Lanyard", "Larboard", "Leeward",
    "Longboat", "Mainmast", "Marlin", "Mizzen", "Oakum", "Outhaul", "Painter", "Pinnace", "Plimsoll",
    "Ratline", "Rowlock", "Rudderpost", "Scupper", "Sheerline", "Sparwood", "Starboard", "Stempost",
    "Taffrail", "Thwart", "Tidewater", "Topgallant", "Transom", "Windlass", "Yardarm",
)  # fmt: skip
STREETS = (
    "Bowline St", "Sheet Bend Ave", "Clove Hitch Way", "Carrick St", "Figure Eight Alley", "Half Hitch St",
    "Prusik Ave", "Rolling Hitch Rd", "Sheepshank St", "Square Knot Ave", "Stevedore St", "Timber Hitch Way",
    "Trucker Hitch Rd", "Turk Head Ave", "Water Knot St", "Anchor Bend Ave", "Butterfly St", "Cat Paw Alley",
    "Constrictor St", "Heaving Line Ave", "Lark Head Way", "Monkey Fist St", "Overhand Ave", "Surgeon Knot St",
)  # fmt: skip
LOOKS = (
    "red coat", "green parka", "gray beard", "blue cap", "crutches", "wheeled suitcase", "yellow boots",
    "small brown dog", "denim jacket", "long braid",
)  # fmt: skip


def person_name(rng: Random) -> tuple[str, str]:
    """A given and a family name."""
    return rng.choice(GIVEN), rng.choice(FAMILY)


def misspelt(family: str) -> str:
    """A family name as somebody writes it who heard it once; it sounds the same."""
    return family.removesuffix("e") if family.endswith("e") else f"{family}e"


def description(rng: Random) -> str:
    """What stands in for a name that nobody knows yet."""
    return f"unknown, {rng.choice(('man', 'woman', 'person'))}, {rng.randrange(20, 70, 10)}s, {rng.choice(LOOKS)}"


def telephone(rng: Random) -> str:
    """A number of the block that is kept for fiction."""
    return f"412-555-01{rng.randrange(100):02d}"


def crossing(rng: Random) -> str:
    """Where two streets meet, as dispatchers write it."""
    first, second = rng.sample(STREETS, 2)
    return f"{first} & {second}".upper()


def block(rng: Random) -> str:
    """A block of a street: a call about a home is never given closer than that."""
    return f"{rng.randrange(1, 60)}XX BLOCK OF {rng.choice(STREETS)}".upper()
