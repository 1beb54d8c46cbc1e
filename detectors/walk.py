"""Walks the events of a batch to their leaves, and remembers the shapes of events.

A leaf is a string, a long number, anything a contract annotates, and the name of an object's field
that was not seen before.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any

from detectors.hints import Hints
from detectors.known import stands_in
from detectors.leaves import IDENTITIES, Leaves, Node
from detectors.spellings import fold
from schemas.event import UNKNOWN, Contract, Field, Path

_NO_FIELD = Field()
SHORT_NUMBER = 9_999  # numbers of up to four digits are no identifier of anybody
_EXACT = 2**53  # up to here every whole number has a float of its own
SHAPE_LIMIT = 50_000  # places remembered; a stream with more shapes starts over
ALIENS = 2048  # characters of the undeclared names that are remembered of one place


class Shapes:
    """What is remembered of the shapes of events: one tree of nodes for each kind.

    Names of fields are remembered only once a scan found nothing in them, so no personal data is
    kept here, and memory is bounded by ``SHAPE_LIMIT``. A name that no contract declares may be a
    known value of the next event: such are looked into again wherever one could stand in them.
    """

    def __init__(
        self, contracts: Mapping[str, Contract], hints: Hints, checked: Collection[str] = ()
    ) -> None:
        self._contracts = contracts
        self._hints = hints
        self._declared = {kind: _prefixes(one) for kind, one in contracts.items()}
        self._checked = frozenset(checked)  # envelope fields that decoding has proven harmless
        self._roots: dict[str, Node] = {}
        self._size = 0
        self._aliens: dict[Node, str] = {}  # the undeclared names that are remembered of a place
        self.name = Node(UNKNOWN, (), _NO_FIELD, hints, alone=True)
        self._alien = Node(UNKNOWN, (), _NO_FIELD, hints)  # the name of an undeclared field
        self.name.is_name = self._alien.is_name = True

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

    def beside(self, name: str) -> Node:
        """Return the node of what stands beside the bodies under names of its own: headers."""
        node = self._roots.get(name)
        if node is None:
            node = self._roots[name] = self.lone(name)
        return node

    def child(self, parent: Node, key: str) -> Node:
        """Return a new node below ``parent``; ``settle`` links it once its name proved clean."""
        declared = self._below(parent, key)
        node = self._node(parent, (*parent.path, key), declared)
        node.scanned = len(node.path) > 1 or key not in self._checked or parent.contract is UNKNOWN
        return node

    def item(self, parent: Node) -> Node:
        """Return the node of the elements of an array that stands at ``parent``.

        An array that the contract does not know of is taken for many of what should stand there;
        so is one among the people of a list.
        """
        if parent.item is None:
            is_inner = parent.each and parent.key == "*"
            path = parent.path if is_inner else (*parent.path, "*")
            declared = (*parent.declared, "*")
            known = declared in self._declared.get(parent.contract.kind, ())
            parent.item = self._node(parent, path, declared if known else parent.declared)
            self._size += 1
        return parent.item

    def _below(self, parent: Node, key: str) -> Path:
        """Return the path by which the contract may speak of a field: also of one in a lone element."""
        path, prefixes = (*parent.declared, key), self._declared.get(parent.contract.kind, ())
        lone = (*parent.declared, "*", key)
        return lone if lone in prefixes and path not in prefixes else path

    def _node(self, parent: Node, path: Path, declared: Path) -> Node:
        fields = parent.contract.fields
        field = fields.get(declared) or fields.get((*declared, "*"), _NO_FIELD)
        if parent.bit >= 0 and field.bit < 0:  # an annotation holds for everything below it
            field = Field(bit=parent.bit, known=parent.known, free_text=parent.free)
        node = Node(parent.contract, path, field, self._hints, declared=declared)
        node.level = parent.level + 1
        return node

    def settle(self, leaves: Leaves, unclean: set[int]) -> None:
        """Remember the names of this batch in which the scan found nothing, and read all.

        ``unclean`` are the leaves in which it found something.
        """
        unclean = unclean.union(leaves.unread)
        for leaf, parent, key, node in leaves.grown:
            if leaf in unclean or key in parent.children:
                continue
            if leaves.nodes[leaf] is self._alien:
                names = self._aliens.get(parent, "")
                if len(names) >= ALIENS:
                    continue
                self._aliens[parent] = f"{names}\x00{fold(key)}"
            parent.children[key] = node
            self._size += 1
        if self._size > SHAPE_LIMIT:
            self._roots.clear()
            self._aliens.clear()
            self._size = 0

    def walk(self, event: Any, root: Node, leaves: Leaves, depth: int) -> bool:  # noqa: C901, PLR0912, PLR0915  # one inlined loop: a call for each leaf would cost more than the scan does
        """Append the leaves of one event; say False where it is deeper than ``depth``."""
        leaves.begin(root, event)
        texts, nodes, begins = leaves.texts, leaves.nodes, leaves.begins
        objects, parents, places = leaves.objects, leaves.parents, leaves.places
        people, notable, apart = leaves.people, leaves.notable, leaves.apart
        facts, report, hinted = leaves.facts, leaves.reports[-1] or [], leaves.hinted
        levels = [root]  # the node of each container of this event
        for at, node in enumerate(levels, leaves.roots[-1]):
            if node.level >= depth:
                return False
            holder, person = objects[at], people[at]
            begins.append(len(texts))
            if type(holder) is not dict:
                self._elements(holder, node, at, leaves, levels)
                continue
            children = node.children
            for key, value in holder.items():
                try:
                    child = children[key]
                except KeyError:
                    child = self._unseen(node, key, leaves)
                kind = type(value)
                if kind is str:
                    if value and child.scanned:
                        if child.special:
                            if child.notable:
                                notable.append(len(texts))
                                if child.apart:
                                    apart.append(len(texts))
                            if child.hinted:
                                hinted.append(len(texts))
                            if child.fact:
                                facts[person][child.fact] = value
                            if child.report:
                                report[child.report] = value
                        texts.append(value)
                        nodes.append(child)
                elif kind is dict or kind is list:
                    if value:
                        objects.append(value)
                        parents.append(at)
                        places.append(key)
                        people.append(person)
                        levels.append(child)
                elif value is not None:
                    _add_scalar(leaves, child, key, value, person)
        if self._aliens:
            self._look_again(levels, leaves)
        return True

    def _look_again(self, levels: Sequence[Node], leaves: Leaves) -> None:
        """Append the remembered names of an event in which a known value of its own may stand.

        All of those that no contract declares, where one may stand in any of them.
        """
        aliens = self._aliens
        names = {aliens[node] for node in levels if node in aliens}
        if not names or not _stands_in(leaves, "".join(names)):
            return
        for at, node in enumerate(levels, leaves.roots[-1]):
            if node not in aliens:
                continue
            for key in leaves.objects[at]:
                child = node.children.get(key)
                if child is not None and child.declared not in node.contract.declared:
                    leaves.grown.append((len(leaves.texts), node, key, child))
                    leaves.outside(key, self._alien, at, key)

    def _elements(
        self, elements: list[Any], node: Node, at: int, leaves: Leaves, levels: list[Node]
    ) -> None:
        """Append the leaves and containers of an array; where it says so, each is a person."""
        item = self.item(node)
        person = first = leaves.people[at]
        for key, value in enumerate(elements):
            if node.each:
                person = leaves.enlist(item, first, key)
            kind = type(value)
            if kind is dict or kind is list:
                if value:
                    leaves.objects.append(value)
                    leaves.parents.append(at)
                    leaves.places.append(key)
                    leaves.people.append(person)
                    levels.append(item)
            elif kind is str:
                if value:
                    leaves.add(value, item, key)
            elif value is not None:
                _add_scalar(leaves, item, key, value, person)

    def _unseen(self, node: Node, key: str, leaves: Leaves) -> Node:
        child = leaves.fresh.get((node, key))
        if child is None:
            child = leaves.fresh[node, key] = self.child(node, key)
        leaves.grown.append((len(leaves.texts), node, key, child))
        # A kind whose contract declares nothing has no known values either.
        is_alien = node.contract.declared and child.declared not in node.contract.declared
        leaves.add(key, self._alien if is_alien else self.name, key)
        return child


def _add_scalar(leaves: Leaves, node: Node, key: Any, value: float, person: int) -> None:
    """Note a number or a truth value. Long numbers are leaves, and any whose place says something."""
    if node.fact >= IDENTITIES and (type(value) is int or str(value).isdecimal()):
        leaves.facts[person][node.fact] = str(value)
    report = leaves.reports[-1]
    if node.report and report is not None:
        report[node.report] = value
    if type(value) is bool:
        is_leaf = node.bit >= 0
    else:
        if type(value) is float:
            leaves.has_floats = True
        is_leaf = node.notable or node.hinted or not -SHORT_NUMBER <= value <= SHORT_NUMBER
    if is_leaf:
        leaves.add(_said(value), node, key)


def _stands_in(leaves: Leaves, names: str) -> bool:
    """Say whether a known value of the event at hand stands in some names."""
    nodes, texts, begun = leaves.nodes, leaves.texts, leaves.starts[-1]
    own = takewhile(begun.__le__, reversed(leaves.notable))
    return any(nodes[at].known and stands_in(texts[at], nodes[at].bit, names) for at in own)


def _prefixes(contract: Contract) -> frozenset[Path]:
    """Return the paths that a contract speaks of, and those of what they stand in."""
    return frozenset(path[:size] for path in contract.fields for size in range(1, len(path) + 1))


def _said(value: float) -> str:
    """Return a number as its digits say it: 4539148803436467.0 is a card like any other."""
    if type(value) is float and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)
