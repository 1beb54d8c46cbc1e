"""The leaves of a batch as parallel arrays that one scan can join, and the places they stand at.

Each place of an event's shape is a ``Node``: what is known of the place (annotation, hints) is
worked out once, when the place is first seen, and never again.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.hints import Hints
from schemas.category import by_code
from schemas.event import Contract, Field, Path

Integers = npt.NDArray[np.int64]
Marks = tuple[str, str, str, str]
IDENTITIES = 3  # where the identities of a person begin: behind kind, jurisdiction and birth date
# Annotated with one of these, a field is one value and holds no other value of the event.
_ONE_VALUE = frozenset(
    by_code()[code].bit
    for code in (
        *("name", "email", "username", "phone", "birth_date", "government_id", "licence_number"),
        *("ip_address", "device_id", "payment_card", "bank_account", "access_token", "password"),
    )
)
_WORDS, _LIST, _TOKEN = (" ", ",", ";", "/"), ("@", ",", ";", "|"), ("@", ",", ";", " ")
# Annotated with one of these, no longer than so many characters and without any of these marks, a
# field is what it is annotated as. A name is letters and spaces.
_SINGLE: dict[int, tuple[int, Marks | None]] = {
    by_code()[code].bit: (size, marks)
    for code, size, marks in (
        ("name", 64, None),
        *(("email", 64, _WORDS), ("ip_address", 45, _WORDS)),
        *(("phone", 24, _LIST), ("birth_date", 24, _LIST)),
        *(("payment_card", 24, _LIST), ("bank_account", 42, _LIST)),
        *(("access_token", 8192, _TOKEN), ("password", 128, _TOKEN)),
    )
}


class Node:
    """One place in the shape of a kind of event, with everything that can be known beforehand.

    Of a ``stray`` place nothing says what stands there: people may as well have written it.
    """

    __slots__ = (
        "apart",
        "bit",
        "children",
        "contract",
        "declared",
        "each",
        "fact",
        "free",
        "hinted",
        "is_name",
        "item",
        "key",
        "known",
        "level",
        "marks",
        "nobody",
        "notable",
        "path",
        "report",
        "scanned",
        "single",
        "special",
        "stray",
        "supports",
        "unreported",
        "whole",
    )

    def __init__(
        self,
        contract: Contract,
        path: tuple[str, ...],
        field: Field,
        hints: Hints,
        *,
        declared: Path = (),
        alone: bool = False,
    ) -> None:
        names = tuple(part for part in path if part != "*")
        plan = contract.subjects
        self.contract = contract
        self.path = path
        self.declared = declared  # the path by which the contract may speak of this place
        self.key = path[-1] if path else ""
        self.level = len(path)  # how many containers are around what stands here
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
        self.stray = bool(path) and field.bit < 0 and self.declared not in contract.declared
        self.is_name = False
        self.scanned = True
        # Each element is a person; an array among them is several.
        each = None if plan is None else plan.each
        self.each = each is not None and path in (each, (*each, "*"))
        # Which fact of a person, and which word of a reported access, stands here; 0: none.
        self.fact = _place(path, contract.facts)
        self.report = _place(path, contract.reports)
        # Its name supports a rule that is looked for only where something does.
        self.hinted = hints.is_wanted(self.supports)
        self.special = self.notable or self.hinted or self.fact > 0 or self.report > 0
        # A person of whom nothing is known yet; where people are listed, not even that there is one.
        listed = each is not None
        self.nobody: list[str | None] = [
            "" if listed else contract.kind,
            *[None] * len(contract.facts),
        ]
        self.unreported = [None] * (len(contract.reports) + 1) if contract.reports else None
        self.children: dict[str, Node] = {}
        self.item: Node | None = None


def _place(path: Path, paths: tuple[Path | None, ...]) -> int:
    return paths.index(path) + 1 if path in paths else 0


class Leaves:
    """The leaves, containers and people of a batch, as parallel arrays.

    Leaf ``i`` is ``texts[i]`` and stands at ``nodes[i]``. Container ``c`` is ``objects[c]``, holds
    the leaves from ``begins[c]`` on, stands in container ``parents[c]`` under ``places[c]`` (-1:
    the event itself) and belongs to person ``people[c]``. Event ``e`` has the leaves
    ``starts[e]:starts[e + 1]``, begins with container ``roots[e]`` (-1: it has no body) and is
    about at least one person, from ``firsts[e]`` on.

    Person ``p`` is as ``facts[p]`` says: the kind of event, then what stands where its contract has
    facts of a person (None: nothing). ``reports[e]`` is what an event says of an access: behind its
    first place, what stands where its contract has words of one; None where it reports none.

    ``notable`` names the leaves whose place says something (annotated, or named like a person's
    field), ``apart`` those in which known values are not looked for, ``hinted`` those whose field's
    name supports a rule that is looked for only where something does. A scan notes in ``unread``
    which leaves say more than it could look into. ``has_floats``: the event at hand has a number that
    a float stands for, which may have lost digits of it.
    """

    __slots__ = (
        "_outside",
        "apart",
        "begins",
        "facts",
        "firsts",
        "fresh",
        "grown",
        "has_floats",
        "hinted",
        "nodes",
        "notable",
        "objects",
        "own_keys",
        "parents",
        "people",
        "places",
        "reports",
        "roots",
        "starts",
        "texts",
        "unread",
    )

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.nodes: list[Node] = []
        self.begins: list[int] = []
        self.objects: list[Any] = []
        self.parents: list[int] = []
        self.places: list[Any] = []
        self.people: list[int] = []
        self.firsts: list[int] = []
        self.facts: list[list[str | None]] = []
        self.reports: list[list[Any] | None] = []
        self.starts: list[int] = [0]
        self.has_floats = False
        self.roots: list[int] = []
        self.notable: list[int] = []
        self.apart: list[int] = []
        self.hinted: list[int] = []
        self.unread: list[int] = []
        self.grown: list[tuple[int, Node, str, Node]] = []
        self.fresh: dict[tuple[Node, str], Node] = {}
        self.own_keys: dict[int, Any] = {}  # of the leaves whose node has no key of theirs
        self._outside: dict[int, int] = {}  # holders of leaves that stand apart

    def begin(self, root: "Node", body: Any) -> None:
        """Begin an event with the container that it is; ``body`` is None where it has none."""
        self.has_floats = False
        self.firsts.append(len(self.facts))
        self.facts.append(root.nobody.copy())
        self.reports.append(None if root.unreported is None else root.unreported.copy())
        self.roots.append(-1 if body is None else len(self.objects))
        if body is not None:
            self.objects.append(body)
            self.parents.append(-1)
            self.places.append(None)
            self.people.append(self.firsts[-1])

    def enlist(self, node: "Node", first: int, number: int) -> int:
        """Note that somebody is listed at ``node``, and return who.

        The first of a list is the person whose the list is: the event's own, or its place in an
        outer list.
        """
        person = len(self.facts) if number else first
        if number:
            self.facts.append(node.nobody.copy())
        self.facts[person][0] = node.contract.kind
        return person

    def people_here(self) -> int:
        """Return how many people the event at hand is about."""
        return len(self.facts) - self.firsts[-1]

    def outside(self, text: str, node: Node, holder: int, key: Any = None) -> None:
        """Append a leaf apart from its holder's others: a Kafka key, a name that is looked at again."""
        self._outside[len(self.texts)] = holder
        self.add(text, node, key)

    def add(self, text: str, node: Node, key: Any) -> None:
        """Append one leaf that stands under a key of its own: a name, or an array's element."""
        leaf = len(self.texts)
        if node.notable:
            self.notable.append(leaf)
        if node.apart:
            self.apart.append(leaf)
        if node.hinted:
            self.hinted.append(leaf)
        self.own_keys[leaf] = key
        self.append(text, node)

    def append(self, text: str, node: Node) -> None:
        """Append one leaf, and nothing of what its node says of it."""
        self.texts.append(text)
        self.nodes.append(node)

    def events(self, some: Sequence[int]) -> list[int]:
        """Return the event of each of some leaves."""
        found: list[int] = (np.searchsorted(np.array(self.starts), some, "right") - 1).tolist()
        return found

    def key(self, leaf: int) -> Any:
        """Return the key under which a leaf stands in its holder: a name, or a number."""
        return self.own_keys[leaf] if leaf in self.own_keys else self.nodes[leaf].key

    def holder(self, leaf: int) -> int:
        """Return the container that holds a leaf, or what it was given outside of the body."""
        holder = self._outside.get(leaf)
        return bisect_right(self.begins, leaf) - 1 if holder is None else holder

    def way(self, leaf: int) -> list[tuple[int, Any]]:
        """Return the container and the key of each step from the event to a leaf of its body."""
        at = self.holder(leaf)
        steps = [(at, self.key(leaf))]
        while self.parents[at] >= 0:
            steps.append((self.parents[at], self.places[at]))
            at = self.parents[at]
        return steps[::-1]

    def holders(self, some: Integers) -> Integers:
        """Return the holder of each of some leaves."""
        holders = np.searchsorted(np.array(self.begins, np.int64), some, "right") - 1
        if self._outside:
            outside = np.array(list(self._outside), np.int64)
            places = np.searchsorted(outside, some)
            places[places == len(outside)] = 0
            kept = outside[places] == some
            holders[kept] = np.array(list(self._outside.values()), np.int64)[places[kept]]
        return holders

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
        del self.texts[begun:], self.nodes[begun:]
        for root in self.roots[events:]:  # one at most; -1 where there is no body
            for column in (self.begins, self.objects, self.parents, self.places, self.people):
                del column[root if root >= 0 else len(column) :]
        for first in self.firsts[events:]:
            del self.facts[first:]
        del self.roots[events:], self.firsts[events:], self.reports[events:]
        self.grown = [each for each in self.grown if each[0] < begun]
        self.notable = [leaf for leaf in self.notable if leaf < begun]
        self.apart = [leaf for leaf in self.apart if leaf < begun]
        self.hinted = [leaf for leaf in self.hinted if leaf < begun]
        for known in (self.own_keys, self._outside):
            for leaf in [each for each in known if each >= begun]:
                del known[leaf]
