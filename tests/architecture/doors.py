"""The doors that need no import, each as a function that lists the breaches in what it is given.

`test_doors` points them at the product, `test_planted_breaches` at breaches made for the
purpose: a check that cannot fail proves nothing.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from tests.architecture.source import Breach, Source, called_name, imports, strings

# Which apps an app must not know of, by whatever name.
UNKNOWN_TO = {
    "consent": ("referrals", "clinical", "policecore", "config"),
    "referrals": ("clinical", "policecore", "config"),
    "clinical": ("policecore", "config"),
    "policecore": ("clinical", "config"),
}
# Configuration of one side, which must not name the other's app.
SETTINGS_OF_A_SIDE = {
    "config.settings.clinical": ("policecore",),
    "config.settings.police": ("clinical",),
    "config.settings.exchange": ("clinical", "policecore"),
    "config.settings.base": ("clinical", "policecore"),
    "config.urls.clinical": ("policecore",),
    "config.urls.police": ("clinical",),
    "config.urls.account": ("clinical", "policecore"),
}
# What an app may import from consent besides itself (migrations also `consent.rls`).
DOORS_OF_CONSENT = {
    "referrals": ("engine.facts", "models", "services", "selectors", "access"),
    "clinical": ("engine.facts", "models", "services", "selectors", "access"),
    "policecore": ("engine.facts", "models", "services", "access"),
}
# And from the post-box; its partners' half is an app of its own with the same two doors.
DOORS_OF_REFERRALS = ("services", "selectors", "partners.services", "partners.selectors")
# Added to the table, each for a reason: who shows a basis must cite it, who takes a form must
# say what it lacks, who takes a text must take it as everybody does, who shows a list shows it by
# pages, who asks for a file must say so before it is read, and the names of roles are words. What a code says is read from a list, and so are the words
# that the police should not read.
MORE_DOORS = {
    "clinical": ("engine.forms", "files", "labels", "law", "paging", "roles", "texts"),
    "referrals": ("law", "paging", "roles", "texts"),
    "policecore": ("labels", "law", "paging", "roles", "texts"),
}
PURE = ("consent.engine", "consent.law", "consent.ledger", "consent.labels")
# What begins like a table and is none: the database's roles, and a recipient's kind in the law.
NO_TABLES = "owner|app|gather|walk|system|exchange|verifier|app_user"
TELLING_CALLS = {"get_model", "get_app_config", "get_containing_app_config", "is_installed"}


def unknown_to(source: Source) -> tuple[str, ...]:
    return SETTINGS_OF_A_SIDE.get(source.name) or UNKNOWN_TO.get(source.app, ())


def within(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def forbidden_imports(source: Source) -> Iterator[Breach]:
    """Imports against the table of directions."""
    doors = (*DOORS_OF_CONSENT.get(source.app, ()), *MORE_DOORS.get(source.app, ()))
    open_doors = [f"consent.{door}" for door in doors]
    if source.is_migration or source.app == "referrals":
        open_doors += ["consent.rls", "consent.keys.columns"]
    is_a_side = source.app in ("clinical", "policecore")
    doors_of_referrals = [f"referrals.{door}" for door in DOORS_OF_REFERRALS]
    for line, name in imports(source):
        if within(name, unknown_to(source)):
            yield Breach(source.name, line, f"imports `{name}`, which it must not know")
        elif doors and within(name, ["consent"]) and not within(name, open_doors):
            yield Breach(source.name, line, f"imports `{name}`, which is no door of consent")
        elif is_a_side and within(name, ["referrals"]) and not within(name, doors_of_referrals):
            yield Breach(source.name, line, f"imports `{name}`, which is no door of referrals")


def impure_imports(source: Source) -> Iterator[Breach]:
    """Imports of the pure packages beyond the standard library and each other."""
    if not within(source.name, PURE):
        return
    for line, name in imports(source):
        if not within(name, PURE) and name.split(".")[0] not in sys.stdlib_module_names:
            yield Breach(source.name, line, f"imports `{name}`: only the standard library is allowed here")


def names_in_strings(source: Source) -> Iterator[Breach]:
    """``reverse("clinical:…")``, ``send_task("clinical.…")``, ``get_model("clinical", …)`` and their like."""
    for app in unknown_to(source):
        dotted = re.compile(rf"^{app}[.:/][\w{{]")
        for line, text in strings(source.tree):
            if dotted.match(text):
                yield Breach(source.name, line, f"names `{text}` in a string")
        yield from _labels_named(source, app)


def _labels_named(source: Source, app: str) -> Iterator[Breach]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(args=[ast.Constant(value=label), *_]) if called_name(node) in TELLING_CALLS:
                telling = label == app
            case ast.Call(keywords=keywords) if called_name(node) in TELLING_CALLS:
                telling = any(isinstance(k.value, ast.Constant) and k.value.value == app for k in keywords)
            case ast.Tuple(elts=[ast.Constant(value=label), ast.Constant()]) if source.is_migration:
                telling = label == app
            case ast.Call(args=[ast.Constant(value=label)]) if called_name(node) == "import_module":
                telling = label == app
            case _:
                telling = False
        if telling:
            yield Breach(source.name, node.lineno, f"asks for the app `{app}` by its label")


def tables_of_others(source: Source) -> Iterator[Breach]:
    """SQL, in a string or a file, that names a table of an app it must not know."""
    texts = [(1, source.text)] if "/" in source.name else strings(source.tree)
    for line, text in texts:
        for app in unknown_to(source):
            if source.app == "config":
                continue  # its strings name roles, cookies and URLs of a side, and no SQL reads there
            for match in re.finditer(rf"\b{app}_(?!(?:{NO_TABLES})\b)[a-z]\w*", text):
                yield Breach(source.name, line, f"names the table `{match[0]}`")


def addresses_in_templates(source: Source) -> Iterator[Breach]:
    """Templates that name a URL, a template or a static file of an app they must not know."""
    apps = ("clinical", "policecore") if source.app == "config" else unknown_to(source)
    for app in apps:
        for match in re.finditer(rf"""["']{app}(?:[:/.])\w[^"']*["']""", source.text):
            line = source.text.count("\n", 0, match.start()) + 1
            yield Breach(source.name, line, f"names {match[0]}")


LASTING_SETTING = re.compile(
    r"(?i:set_config)\s*\([^()]*(?:\([^()]*\)[^()]*)*,\s*(?i:false|'f'|'false'|0)\s*\)"
    r"|(?:^|;)\s*(?i:set)\s+(?!(?i:local|constraints|transaction)\b)(?i:session\s+)?"
    r"(?:(?i:role|session\s+authorization)\s+\S|[a-z_][a-z_.]*\s*(?:=|(?i:to)\s))"
)


def lasting_settings(source: Source) -> Iterator[Breach]:
    """A setting that outlives its transaction: the next user of the connection would inherit it."""
    texts = [(1, source.text)] if "/" in source.name else strings(source.tree)
    for line, text in texts:
        if LASTING_SETTING.search(text):
            yield Breach(source.name, line, "sets a value beyond its transaction")


# Modules that may speak SQL themselves, and why.
SQL_SPEAKERS: dict[str, str] = {
    "consent.access": "puts the principal and the role into the transaction",
    "consent.plans": "asks the counters how much somebody may see",
    "consent.rls": "writes the policies",
    "consent.models.ledger": "adds entries as one value",
    "consent.management.commands.install_principal_key": "runs as the owner, on a table no model shows",
    "consent.keys": "speaks to the keys database, which no model shows",
    "consent.management.commands.prepare_keys": "makes the keys database's tables, as its owner",
    "consent.services.locks": "takes the locks under which grants are made",
    "consent.services.sealing": "reads entries as PostgreSQL sends them, and takes the sealer's lock",
    "consent.verifier": "reads the ledger as the verifier's role, without Django",
    "clinical.search.looking": "looks for tokens from what opens, in a form that no planner turns around",
    "referrals.locks": "takes the locks of the post-box",
    "config.local": "makes clusters, roles and databases, before Django is there",
}


def raw_sql(source: Source) -> Iterator[Breach]:
    """``.raw()``, ``.extra()``, ``RawSQL`` and cursors outside the modules that are allowed them."""
    if within(source.name, SQL_SPEAKERS) or source.is_migration:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = called_name(node)
        if name == "RawSQL" or (isinstance(node.func, ast.Attribute) and name in {"raw", "extra", "cursor"}):
            yield Breach(source.name, node.lineno, f"calls `{name}`")


def queries_as_values(source: Source) -> Iterator[Breach]:
    """``Subquery``: a protected value inside another model's query would go past the ledger."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and called_name(node) in {"Subquery", "ArraySubquery"}:
            yield Breach(source.name, node.lineno, f"calls `{called_name(node)}`")


def back_managers(source: Source) -> Iterator[Breach]:
    """``_base_manager`` knows no access context: values taken through it would go unledgered."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"_base_manager", "_raw_delete"}:
            yield Breach(source.name, node.lineno, f"goes through `{node.attr}`")


def streams(source: Source) -> Iterator[Breach]:
    """Responses that stream would be read after the transaction and the ledger are closed."""
    for line, name in imports(source):
        if name.rsplit(".", 1)[-1] in {"StreamingHttpResponse", "FileResponse"} and source.app != "consent":
            yield Breach(source.name, line, f"imports `{name}`")


DOORS_IN_CODE = (
    forbidden_imports,
    impure_imports,
    names_in_strings,
    tables_of_others,
    lasting_settings,
    raw_sql,
    queries_as_values,
    back_managers,
    streams,
)
DOORS_IN_FILES = (tables_of_others, addresses_in_templates, lasting_settings)
