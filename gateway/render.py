"""Renders the view of one event that one decision allows, copying only the paths that change."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.leaves import Leaves
from detectors.overlap import Found
from gateway.codec import Event, dump, text_of
from gateway.policy import Cell
from gateway.sight import Sights
from gateway.stream import Out, make_out
from gateway.tokens import Keyring
from gateway.traceparent import next_traceparent
from gateway.transform import changer, transform
from schemas.access import Action
from schemas.category import categories
from schemas.event import Path

CODES = [category.code for category in categories()]
KEY, HEADER, HEADER_NAME = -1, -2, -3  # holders of the leaves that do not stand in the body
WITHHELD = "[WITHHELD]"
TRACE = "traceparent"  # a header that goes on, with a parent of its own
_DROP = Action.DROP


# The holder of a leaf, its key there, its new text (None leaves it out), and whether it is a name.
_Change = tuple[int, Any, str | None, bool]


class Renderer:
    """Renders those events of one batch that ``shown`` marks, under one cell's actions.

    What becomes of their leaves is worked out for all of them at once. ``free_text`` says by kind
    of event where people write freely.
    """

    def __init__(
        self,
        leaves: Leaves,
        sights: Sights,
        shown: npt.NDArray[np.bool_],
        cell: Cell,
        keyring: Keyring,
        free_text: Mapping[str, Sequence[Path]],
    ) -> None:
        self._leaves = leaves
        self._unread = frozenset(leaves.unread)
        self._actions = cell.actions
        self._keyring = keyring
        self._withheld = free_text if cell.withhold_free_text else {}
        self._parts = [  # a part can't be left out
            changer(min(action, Action.REDACT), code, keyring)
            for action, code in zip(cell.actions, CODES, strict=True)
        ]
        is_changed = np.array(cell.actions) != Action.ALLOW
        fields, spans = (
            np.flatnonzero(is_changed[some.bits] & shown[some.events])
            for some in (sights.fields, sights.spans)
        )
        whole = sights.fields.leaves[fields].tolist(), sights.fields.bits[fields].tolist()
        self._bits = dict(zip(*whole, strict=True))  # of the leaves that change as a whole
        self._spans: dict[int, list[Found]] = {}  # of the leaves in which something changes
        for at in spans.tolist():
            one = sights.spans.found[at]
            self._spans.setdefault(one[0], []).append(one)
        strays = self._strays(shown) if cell.withhold_free_text else []
        self._changes, self._starts = self._changed_leaves(strays)

    def _strays(self, shown: npt.NDArray[np.bool_]) -> list[int]:
        """Return the texts of bodies of which neither a contract nor their place says what they are."""
        leaves = self._leaves
        strays = [leaf for leaf, node in enumerate(leaves.nodes) if node.stray]
        holders = leaves.holders(np.array(strays, np.int64)).tolist()
        return [
            leaf
            for leaf, holder, event in zip(strays, holders, leaves.events(strays), strict=True)
            if shown[event]
            and holder >= 0
            and leaf not in self._bits
            and type(leaves.objects[holder][leaves.key(leaf)]) is str
        ]

    def _changed_leaves(self, strays: Sequence[int]) -> tuple[list[_Change], list[int]]:
        """Return what becomes of the leaves that change, and where each event's begin."""
        texts, nodes, own = self._leaves.texts, self._leaves.nodes, self._leaves.own_keys
        wholes = [
            _no_text if action >= _DROP else part
            for action, part in zip(self._actions, self._parts, strict=True)
        ]
        new = {leaf: wholes[bit](texts[leaf]) for leaf, bit in self._bits.items()}
        for leaf, spans in self._spans.items():
            bit = self._bits.get(leaf)
            new[leaf] = (
                self._pieces(texts[leaf], spans)
                if bit is None
                else self._whole(bit, texts[leaf], spans)
            )
        new |= dict.fromkeys(strays, WITHHELD)
        changed = np.array(sorted(new), np.int64)
        holders = self._leaves.holders(changed).tolist()
        changes = [
            (holder, own.get(leaf, nodes[leaf].key), new[leaf], nodes[leaf].is_name)
            for leaf, holder in zip(changed.tolist(), holders, strict=True)
        ]
        return changes, np.searchsorted(changed, self._leaves.starts).tolist()

    def view(self, number: int, event: Event) -> Out:
        """Return the record of event ``number``'s view. A tombstone stays one, under its new key."""
        record = event.record
        changed = self._changes[self._starts[number] : self._starts[number + 1]]
        value = None
        if event.body is not None:
            body = event.body
            if changed:
                body = _changed(self._leaves, self._leaves.roots[number], changed)
            if self._withheld:
                for path in self._withheld[event.kind]:
                    body = _withheld(body, path)
            value = dump(body)
        headers = self._headers(record.headers, changed) if record.headers else []
        key = None if record.key is None else self._key(number, record.key)
        return make_out((record.offset, record.timestamp, key, value, headers))

    def tombstone(self, number: int, event: Event) -> Out | None:
        """Return what takes an older value out of a compacted view: the key, and nothing else."""
        record = event.record
        if record.key is None:
            return None  # nothing older can stand under it
        return Out(record.offset, record.timestamp, self._key(number, record.key), None, [])

    def _key(self, number: int, key: bytes) -> bytes:
        # A key depends on the key alone, so equal keys stay equal. Only allow, tokenize and
        # pseudonymise apply: anything stricter would merge keys, and a compacted topic would then
        # lose records. A key that can't be examined, or not all of it, is pseudonymised.
        text, first = text_of(key), self._leaves.starts[number]
        if text is None or (text and first in self._unread):  # a key is the first leaf
            return self._keyring.pseudonym("key", key.hex()).encode()
        bits = [self._bits[first]] if first in self._bits else []
        bits += [one.bit for one in self._spans.get(first, ())]
        if not text or not bits:
            return key
        worst = max((self._actions[bit], bit) for bit in bits)
        code = CODES[worst[1]]
        if worst[0] == Action.TOKENIZE:
            return self._keyring.token(code, text).encode()
        return self._keyring.pseudonym(code, text, exact=True).encode()

    def _headers(
        self, headers: Sequence[tuple[str, bytes]], changed: Sequence[_Change]
    ) -> list[tuple[str, bytes]]:
        # Each header is treated like a field. One that is not text can't be examined, and one whose
        # name would have to change would be another header: both are left out.
        new = {key: text for holder, key, text, _ in changed if holder == HEADER}
        unnamed = {key for holder, key, *_ in changed if holder == HEADER_NAME}
        kept: list[tuple[str, bytes]] = []
        for number, (name, value) in enumerate(headers):
            if number in unnamed:
                continue
            if number in new:
                text = new[number]
                if text is not None:
                    kept.append((name, text.encode()))
            elif name == TRACE:
                onward = next_traceparent(value)
                if onward is not None:
                    kept.append((name, onward))
            elif text_of(value) is not None:
                kept.append((name, value))
        return kept

    def _whole(self, bit: int, text: str, spans: Sequence[Found]) -> str | None:
        """Return what becomes of a field, in which something else was found too."""
        action = max(self._actions[bit], *[self._actions[one[3]] for one in spans])
        if action >= _DROP:
            return None
        changed = transform(action, CODES[bit], text, self._keyring)
        # An address generalised to its city would keep the name that stands in it.
        if any(text[start:end] in changed for _, start, end, *_ in spans):
            return transform(Action.REDACT, CODES[bit], text, self._keyring)
        return changed

    def _pieces(self, text: str, spans: Sequence[Found]) -> str:
        parts: list[str] = []
        at = 0
        for start, end, bit in self._apart(spans):
            parts.append(text[at:start])
            parts.append(self._parts[bit](text[start:end]))
            at = end
        parts.append(text[at:])
        return "".join(parts)

    def _apart(self, spans: Sequence[Found]) -> list[tuple[int, int, int]]:
        """Return start, end and category of spans; where two overlap, one for both, as strict."""
        apart: list[tuple[int, int, int]] = []
        for _, start, end, bit, *_ in spans:
            if apart and start < apart[-1][1]:
                first, last, other = apart.pop()
                stricter = max(other, bit, key=self._actions.__getitem__)
                apart.append((first, max(last, end), stricter))
            else:
                apart.append((start, end, bit))
        return apart


def _no_text(_: str) -> None:
    return None


def _changed(leaves: Leaves, root: int, changed: Sequence[_Change]) -> Any:
    """Return an event with each leaf's new text; None takes a leaf out.

    It is a copy in which only what lies on the way to a change is new.
    """
    event = leaves.objects[root].copy()
    copies = {root: event}
    renamed: list[tuple[Any, str, str | None]] = []
    for holder, key, text, is_name in changed:
        if holder < 0:
            continue  # the key, or a header
        container = copies.get(holder)
        if container is None:
            container = _copied(leaves, holder, copies)
        if is_name:
            renamed.append((container, key, text))
        elif text is None and type(container) is dict:
            del container[key]
        else:
            container[key] = text  # the places of an array's elements stay
    for container, key, value in renamed:  # last: everything is put in its place by the old names
        _rename(container, key, value)
    return event


def _copied(leaves: Leaves, at: int, copies: dict[int, Any]) -> Any:
    """Return the copy of a container, put into a copy of the one that holds it, up to the root."""
    copy = copies.get(at)
    if copy is None:
        copy = copies[at] = leaves.objects[at].copy()
        _copied(leaves, leaves.parents[at], copies)[leaves.places[at]] = copy
    return copy


def _withheld(holder: Any, path: Path) -> Any:
    """Return a copy in which nothing of what stands at a path is left, whatever type it has.

    An array where the path has none is taken for many of what should stand there, and a text on the
    way for what should stand at its end.
    """
    if not path:
        return None if holder is None else WITHHELD
    if type(holder) is str:
        return WITHHELD
    if type(holder) is list:
        below = path[1:] if path[0] == "*" else path
        return [_withheld(element, below) for element in holder]
    if type(holder) is dict and path[0] in holder:
        return {**holder, path[0]: _withheld(holder[path[0]], path[1:])}
    return holder


def _rename(container: dict[str, Any], old: str, new: str | None) -> None:
    entries = list(container.items())
    container.clear()
    for name, value in entries:
        if name != old:
            container[name] = value
        elif new is not None:
            free, number = new, 2
            while free in container or any(free == other for other, _ in entries):
                free, number = f"{new}#{number}", number + 1
            container[free] = value
