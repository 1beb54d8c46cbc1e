"""Walks the events of a batch to their leaves, into parallel arrays that one scan can join.

A leaf is a string, a long number, anything a contract annotates, and the name of an object's field
that was not seen before. Each place of an event's shape is a ``Node``: what is known of the place
(annotation, hints) is worked out once, when the place is first seen, and never again.
"""

from collections.abc import Collection, Mapping
from itertools import takewhile
from typing import Any

from detectors.hints import Hints
from schemas.category import by_code
from schemas.event import UNKNOWN, Contract, Field

_NO_FIELD = Field()
Marks = tuple[str, str, str, str]
# Annotated with one of these, a field is one value and holds no other value of the event.
_ONE_VALUE = frozenset(
    by_code()[code].bit
    for code in (
        *("name", "email", "username", "phone", "birth_date", "government_id", "licence_number"),
        *("ip_address", "device_id", "payment_card", "bank_account"),
    )
)
_WORDS, _LIST = (" ", ",", ";", "/"), ("@", ",", ";", "|")
# Annotated with one of these, no longer than so many characters and without any of these marks, a
# field is what it is annotated as. A name is letters and spaces.
_SINGLE: dict[int, tuple[int, Marks | None]] = {
    by_code()[code].bit: (size, marks)
    for code, size, marks in (
        ("name", 64, None),
        *(("email", 64, _WORDS), ("ip_address", 45, _WORDS)),
        *(("phone", 24, _LIST), ("birth_date", 24, _LIST)),
        *(("payment_card", 24, _LIST), ("bank_account", 42, _LIST)),
    )
}
SHORT_NUMBER = 9_999_999  # numbers of up to seven digits are no identifier of anybody
SHAPE_LIMIT = 50_000  # places remembered; a stream with more shapes starts over


class Node:
    """One place in the shape of a kind of event, with everything that can be known beforehand."""

    __slots__ = (
        "apart",
        "bit",
        "children",
        "contract",
        "free",
        "is_name",
        "item",
        "known",
        "marks",
        "notable",
        "path",
        "scanned",
        "single",
        "subjects",
        "supports",
        "whole",
    )

    def __init__(
        self,
        contract: Contract,
        path: tuple[str, ...],
        field: Field,
        hints: Hints,
        *,
        alone: bool = False,
    ) -> None:
        names = tuple(part for part in path if part != "*")
        plan = contract.subjects
        self.contract = contract
        self.path = path
        self.bit = field.bit  # of the contract's annotation, its own or inherited; -1: none
        self.known = field.known
        self.free = field.free_text
        self.supports = hints.supports(names)  # mask of rules that the field's name speaks for
        self.whole = -1 if field.bit >= 0 or field.free_text else hints.whole(names)
        self.notable = field.bit >= 0 or self.whole >= 0
        # Known values are not looked for here. A leaf that stands alone depends on nothing but
        # itself; an address is one value, also where it is made of the person's name.
        self.apart = alone or (field.bit in _ONE_VALUE and not field.free_text)
        # What stands here, so short and without these marks, is as annotated: not scanned again.
        size, self.marks = _SINGLE.get(field.bit, (0, None))
        self.single = 0 if field.free_text else size
        self.is_name = False
        self.scanned = True
        self.subjects = plan is not None and plan.each == path
        self.children: dict[str, Node] = {}
        self.item: Node | None = None


class Leaves:
    """The leaves and containers of a batch, as parallel arrays.

    ``texts[i]`` stands at ``nodes[i]``, in container ``holders[i]`` under ``keys[i]``. Container
    ``c`` is ``objects[c]``, which stands in container ``parents[c]`` under ``places[c]`` (-1: the
    event itself) and belongs to subject ``subjects[c]``. Event ``e`` has the leaves
    ``starts[e]:starts[e + 1]`` and begins with container ``roots[e]``. ``notable`` names the leaves
    whose place says something (annotated, or named like a person's field), ``apart`` those in which
    known values are not looked for.
    """

    __slots__ = (
        "apart",
        "fresh",
        "grown",
        "holders",
        "keys",
        "nodes",
        "notable",
        "objects",
        "parents",
        "places",
        "roots",
        "starts",
        "subjects",
        "texts",
    )

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.nodes: list[Node] = []
        self.holders: list[int] = []
        self.keys: list[Any] = []
        self.objects: list[Any] = []
        self.parents: list[int] = []
        self.places: list[Any] = []
        self.subjects: list[int] = []
        self.starts: list[int] = [0]
        self.roots: list[int] = []
        self.notable: list[int] = []
        self.apart: list[int] = []
        self.grown: list[tuple[int, Node, str, Node]] = []
        self.fresh: dict[tuple[Node, str], Node] = {}

    def add(self, text: str, node: Node, holder: int, key: Any) -> None:
        """Append one leaf that does not stand in an event's body, such as a Kafka key."""
        if node.notable:
            self.notable.append(len(self.texts))
        if node.apart:
            self.apart.append(len(self.texts))
        self.texts.append(text)
        self.nodes.append(node)
        self.holders.append(holder)
        self.keys.append(key)

    def support(self, leaf: int) -> int:
        """Return the mask of the rules that the name of a leaf's field speaks for."""
        return self.nodes[leaf].supports

    def values(self) -> int:
        """Return how many leaves the event at hand has, without the names of fields."""
        begun = self.starts[-1]
        names = takewhile(lambda grown: grown[0] >= begun, reversed(self.grown))
        return len(self.texts) - begun - sum(1 for _ in names)

    def drop(self) -> None:
        """Forget the event at hand, which broke a limit: all since ``starts`` last grew."""
        begun, events = self.starts[-1], len(self.starts) - 1
        for column in (self.texts, self.nodes, self.holders, self.keys):
            del column[begun:]
        for root in self.roots[events:]:  # one at most; -1 where there is no body
            for column in (self.objects, self.parents, self.places, self.subjects):
                del column[root if root >= 0 else len(column) :]
        del self.roots[events:]
        for leaves in (self.notable, self.apart):
            while leaves and leaves[-1] >= begun:
                leaves.pop()
        while self.grown and self.grown[-1][0] >= begun:
            self.grown.pop()


class Shapes:
    """What is remembered of the shapes of events: one tree of nodes for each kind.

    Names of fields are remembered only once a scan found nothing in them, so no personal data is
    kept here, and memory is bounded by ``SHAPE_LIMIT``.
    """

    def __init__(
        self, contracts: Mapping[str, Contract], hints: Hints, checked: Collection[str] = ()
    ) -> None:
        self._contracts = contracts
        self._hints = hints
        self._checked = frozenset(checked)  # envelope fields that decoding has proven harmless
        self._roots: dict[str, Node] = {}
        self._size = 0
        self.name = Node(UNKNOWN, (), _NO_FIELD, hints, alone=True)
        self.name.is_name = True

    def root(self, kind: str) -> Node:
        """Return the root of a kind of event; of the kind ``unknown`` where it has no contract."""
        node = self._roots.get(kind)
        if node is None:
            contract = self._contracts.get(kind, UNKNOWN)
            node = self._roots.get(contract.kind)
            if node is None:
                node = self._roots[contract.kind] = Node(contract, (), _NO_FIELD, self._hints)
        return node

    def lone(self, *path: str, field: Field = _NO_FIELD, alone: bool = False) -> Node:
        """Return a node for a leaf outside the body, such as ``#key`` or ``#headers``, ``x-user``."""
        return Node(UNKNOWN, path, field, self._hints, alone=alone)

    def child(self, parent: Node, key: str) -> Node:
        """Return a new node below ``parent``; ``settle`` links it once its name proved clean."""
        path = (*parent.path, key)
        field = parent.contract.fields.get(path, _NO_FIELD)
        if parent.bit >= 0 and field.bit < 0:  # an annotation holds for everything below it
            field = Field(bit=parent.bit, known=parent.known, free_text=parent.free)
        node = Node(parent.contract, path, field, self._hints)
        node.scanned = len(path) > 1 or key not in self._checked or parent.contract is UNKNOWN
        return node

    def settle(self, leaves: Leaves, unclean: set[int]) -> None:
        """Remember the names of this batch in which the scan found nothing."""
        for leaf, parent, key, node in leaves.grown:
            if leaf not in unclean and key not in parent.children:
                parent.children[key] = node
                self._size += 1
        if self._size > SHAPE_LIMIT:
            self._roots.clear()
            self._size = 0

    def walk(self, event: Any, root: Node, leaves: Leaves, depth: int) -> bool:  # noqa: C901, PLR0912, PLR0915  # one inlined loop: a call for each leaf would cost more than the scan does
        """Append the leaves of one event; say False where it is deeper than ``depth``."""
        texts, nodes, holders, keys = leaves.texts, leaves.nodes, leaves.holders, leaves.keys
        objects, parents, places = leaves.objects, leaves.parents, leaves.places
        subjects, notable, apart = leaves.subjects, leaves.notable, leaves.apart
        at = first = len(objects)
        leaves.roots.append(first)
        objects.append(event)
        parents.append(-1)
        places.append(None)
        subjects.append(0)
        levels = [root]  # the node of each container of this event
        for node in levels:
            holder, subject = objects[at], subjects[at]
            if type(holder) is not dict:
                self._elements(holder, node, at, leaves, levels)
                at += 1
                continue
            children = node.children
            for key, value in holder.items():
                try:
                    child = children[key]
                except KeyError:
                    child = self._unseen(node, key, at, leaves)
                kind = type(value)
                if kind is str:
                    if value and child.scanned:
                        if child.notable:
                            notable.append(len(texts))
                            if child.apart:
                                apart.append(len(texts))
                        texts.append(value)
                        nodes.append(child)
                        holders.append(at)
                        keys.append(key)
                elif kind is dict or kind is list:
                    if value:
                        objects.append(value)
                        parents.append(at)
                        places.append(key)
                        subjects.append(subject)
                        levels.append(child)
                elif (
                    value is not None
                    and kind is not bool
                    and (child.notable or not -SHORT_NUMBER <= value <= SHORT_NUMBER)
                ):
                    leaves.add(str(value), child, at, key)
            at += 1
        return at - first <= depth or self._depth(leaves, first) <= depth

    def _elements(
        self, elements: list[Any], node: Node, at: int, leaves: Leaves, levels: list[Node]
    ) -> None:
        """Append the leaves and containers of an array; where it says so, each is a subject."""
        item = node.item
        if item is None:
            item = node.item = self.child(node, "*")
        subject = leaves.subjects[at]
        for key, value in enumerate(elements):
            kind = type(value)
            if kind is dict or kind is list:
                if value:
                    leaves.objects.append(value)
                    leaves.parents.append(at)
                    leaves.places.append(key)
                    leaves.subjects.append(key if node.subjects else subject)
                    levels.append(item)
            elif kind is str:
                if value:
                    leaves.add(value, item, at, key)
            elif (
                value is not None
                and kind is not bool
                and (item.notable or not -SHORT_NUMBER <= value <= SHORT_NUMBER)
            ):
                leaves.add(str(value), item, at, key)

    def _unseen(self, node: Node, key: str, holder: int, leaves: Leaves) -> Node:
        child = leaves.fresh.get((node, key))
        if child is None:
            child = leaves.fresh[node, key] = self.child(node, key)
        leaves.grown.append((len(leaves.texts), node, key, child))
        leaves.add(key, self.name, holder, key)
        return child

    @staticmethod
    def _depth(leaves: Leaves, first: int) -> int:
        # The deepest container is among the last ones: the walk goes level by level.
        depth, at = 1, len(leaves.objects) - 1
        while at > first:
            at = leaves.parents[at]
            depth += 1
        return depth
