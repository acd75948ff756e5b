"""The faults: mutmut's operators over whole modules, but for citations, prose and names."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, ParentNodeProvider
from mutmut.mutation.file_mutation import NEVER_MUTATE_FUNCTION_CALLS, Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

RULES = ("permit", "bar", "route")
CITING = ("id", "cite", "law_as_of", "version")


@dataclass(frozen=True)
class Fault:
    """One fault in one module."""

    module: str
    scope: str  # the function, class or name that it lies in
    line: int
    before: str
    after: str
    source: str  # of the whole module, with the fault

    @property
    def key(self) -> str:
        """What names it in the list of reasons, whatever the line's number."""
        return f"{self.scope}: {self.before} → {self.after}"


def _called(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Name):
            return node.func.value
        if isinstance(node.func, cst.Attribute):
            return "." + node.func.attr.value
    return ""


def _is_prose(node: cst.CSTNode) -> bool:
    """Sentences, explanations, messages: a string with a blank in it, or one that is put together."""
    if isinstance(node, cst.FormattedString | cst.ConcatenatedString):
        return True
    return isinstance(node, cst.SimpleString) and " " in node.value


def _is_citing(call: cst.CSTNode, place: int, arg: cst.Arg) -> bool:
    if arg.keyword is not None:
        return arg.keyword.value in CITING
    return place == 0 and _called(call) in RULES


def _strings(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """A word that is no word of the list any more; the case of its letters adds nothing."""
    for found in operator_string(node):
        yield found
        return


def _left_out(node: cst.Call) -> Iterator[cst.Call]:
    """``words("a b c")`` with one of the words left out: mutmut touches the first and the last alone."""
    if _called(node) != "words" or len(node.args) != 1:
        return
    quoted = node.args[0].value
    if not isinstance(quoted, cst.SimpleString | cst.ConcatenatedString):
        return
    listed = str(quoted.evaluated_value).split()
    for word in listed if len(listed) > 1 else ():
        kept = " ".join(each for each in listed if each != word)
        arg = node.args[0].with_changes(value=cst.SimpleString(f'"{kept}"'))
        yield node.with_changes(args=[arg])


OPERATORS = [
    *((kind, _strings if operator is operator_string else operator) for kind, operator in mutation_operators),
    (cst.Call, _left_out),
]


class _Visitor(MutationVisitor):
    """mutmut's visitor that goes into rules and module-level tables, and past what is cited and told."""

    METADATA_DEPENDENCIES = (
        *MutationVisitor.METADATA_DEPENDENCIES,
        ParentNodeProvider,
        ByteSpanPositionProvider,
    )

    def __init__(self) -> None:
        super().__init__(OPERATORS, IgnoredCode(set(), set(), set()))
        self.parents: dict[cst.CSTNode, list[cst.CSTNode]] = {}
        self.starts: dict[cst.CSTNode, int] = {}

    def _above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        while (node := self.get_metadata(ParentNodeProvider, node, None)) is not None:
            yield node

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(
            node, cst.Annotation | cst.Import | cst.ImportFrom | cst.FormattedString | cst.ConcatenatedString
        ):
            return True
        if isinstance(node, cst.Decorator):
            return _called(node.decorator) not in RULES
        if isinstance(node, cst.Call) and _called(node) in NEVER_MUTATE_FUNCTION_CALLS:
            return True
        if isinstance(node, cst.Arg):
            call = next(self._above(node))
            return isinstance(call, cst.Call) and _is_citing(call, call.args.index(node), node)
        if isinstance(node, cst.SimpleString) and _is_prose(node):
            above = next(call for call in self._above(node) if not isinstance(call, cst.Arg | cst.Attribute))
            return _called(above) not in ("words", ".split")
        return self._is_of_types(node)

    def _is_of_types(self, node: cst.CSTNode) -> bool:
        """A name for a type, or the list of a class's attributes."""
        if not isinstance(node, cst.Assign):
            return False
        name, value = node.targets[0].target, node.value
        at_the_top = sum(isinstance(each, cst.FunctionDef) for each in self._above(node)) == 0
        is_alias = isinstance(value, cst.Subscript) and isinstance(value.value, cst.Name)
        return (isinstance(name, cst.Name) and name.value == "__slots__") or (at_the_top and is_alias)

    def _create_mutations(self, node: cst.CSTNode) -> None:
        before = len(self.mutations)
        super()._create_mutations(node)
        if not isinstance(node, cst.Call):
            self._note_parents(node, before)
            return
        kept = {
            id(arg)
            for place, arg in enumerate(node.args)
            if _is_citing(node, place, arg) or _is_told(node, arg)
        }
        self.mutations[before:] = [
            each
            for each in self.mutations[before:]
            if not isinstance(each.mutated_node, cst.Call)
            or kept <= {id(arg) for arg in each.mutated_node.args}
        ]
        self._note_parents(node, before)

    def _note_parents(self, node: cst.CSTNode, since: int) -> None:
        if len(self.mutations) > since:
            self.parents[node] = list(self._above(node))
            self.starts[node] = self.get_metadata(ByteSpanPositionProvider, node).start


def _is_told(call: cst.Call, arg: cst.Arg) -> bool:
    return _is_prose(arg.value) and _called(call) not in ("words", ".split")


def _scope(parents: Iterable[cst.CSTNode], node: cst.CSTNode) -> str:
    names = []
    for each in (node, *parents):
        if isinstance(each, cst.FunctionDef | cst.ClassDef):
            names.append(each.name.value)
        target = each.target if isinstance(each, cst.AnnAssign) else None
        if isinstance(each, cst.Assign):
            target = each.targets[0].target
        if isinstance(target, cst.Name) and not names:
            names.append(target.value)
    return ".".join(reversed(names)) or "the module"


def faults_in(module: str, source: str) -> Iterator[Fault]:
    """Every fault of a module, each once."""
    wrapper, visitor = MetadataWrapper(cst.parse_module(source)), _Visitor()
    tree = wrapper.visit(visitor)
    old, seen = source.splitlines(), {source}
    for mutation in visitor.mutations:
        code = _with(mutation, tree, source, visitor.starts[mutation.original_node])
        if code in seen:
            continue
        seen.add(code)
        yield _told(
            module, _scope(visitor.parents[mutation.original_node], mutation.original_node), old, code
        )


def _with(mutation: Mutation, tree: cst.Module, source: str, start: int) -> str:
    """The source with the fault: written over the text where the node is just that, which is far quicker."""
    old, new = (tree.code_for_node(node) for node in (mutation.original_node, mutation.mutated_node))
    text = source.encode()
    if old and text[start:].startswith(old.encode()):
        return (text[:start] + new.encode() + text[start + len(old.encode()) :]).decode()
    return tree.deep_replace(mutation.original_node, mutation.mutated_node).code


def _told(module: str, scope: str, old: list[str], code: str) -> Fault:
    new = code.splitlines()
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    changes = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    before = " ".join(line.strip() for _tag, start, end, *_new in changes for line in old[start:end])
    after = " ".join(line.strip() for *_old, start, end in changes for line in new[start:end])
    left_out = _words_left_out(before, after)
    if left_out:  # shorter to read than a whole list twice
        before, after = left_out, "left out"
    return Fault(module, scope, changes[0][1] + 1 if changes else 0, before, after, code)


def _words_left_out(before: str, after: str) -> str:
    """The words that stand before and not after, if that is the whole change of a long list."""
    old, new = (text.replace('"', " ").split() for text in (before, after))
    if len(before) < 100 or len(new) != len(old) - 1:
        return ""
    return next(word for word, other in zip(old, [*new, ""], strict=False) if word != other)
