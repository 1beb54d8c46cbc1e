"""Renders the view of one event that one decision allows, copying only the paths that change."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.overlap import Found
from detectors.walk import Leaves
from gateway.codec import Event, dump, text_of
from gateway.policy import Cell
from gateway.sight import Sighted, Sights
from gateway.stream import Out, make_out
from gateway.tokens import Keyring
from gateway.traceparent import next_traceparent
from gateway.transform import transform
from schemas.access import Action
from schemas.category import categories
from schemas.event import Path

CODES = [category.code for category in categories()]
KEY, HEADER = -1, -2  # holders of the leaves that do not stand in the body
WITHHELD = "[WITHHELD]"
TRACE = "traceparent"  # a header that goes on, with a parent of its own
_DROP = Action.DROP


class _Touched:
    """What a cell's actions change: of event ``e``, what is in ``some[starts[e]:starts[e + 1]]``."""

    def __init__(self, some: Sighted, is_changed: npt.NDArray[np.bool_], events: int) -> None:
        self.at = np.flatnonzero(is_changed[some.bits])
        self.starts = np.searchsorted(some.events[self.at], np.arange(events + 1)).tolist()


class _Fields(_Touched):
    """Whole leaves, each with the bit of its category."""

    def __init__(self, some: Sighted, is_changed: npt.NDArray[np.bool_], events: int) -> None:
        super().__init__(some, is_changed, events)
        leaves, bits = some.leaves[self.at].tolist(), some.bits[self.at].tolist()
        self._pairs = list(zip(leaves, bits, strict=True))

    def of(self, event: int) -> list[tuple[int, int]]:
        return self._pairs[self.starts[event] : self.starts[event + 1]]


class _Spans(_Touched):
    """Parts of leaves."""

    def __init__(self, some: Sighted, is_changed: npt.NDArray[np.bool_], events: int) -> None:
        super().__init__(some, is_changed, events)
        self._found = [some.found[number] for number in self.at.tolist()]

    def of(self, event: int) -> list[Found]:
        return self._found[self.starts[event] : self.starts[event + 1]]


class Renderer:
    """Renders the events of one batch under one cell's actions.

    ``free_text`` says by kind of event where people write freely.
    """

    def __init__(
        self,
        leaves: Leaves,
        sights: Sights,
        cell: Cell,
        keyring: Keyring,
        free_text: Mapping[str, Sequence[Path]],
    ) -> None:
        is_changed = np.array(cell.actions) != Action.ALLOW
        events = len(sights.masks)
        self._leaves = leaves
        self._fields = _Fields(sights.fields, is_changed, events)
        self._spans = _Spans(sights.spans, is_changed, events)
        self._actions = cell.actions
        self._withheld = free_text if cell.withhold_free_text else {}
        self._keyring = keyring

    def view(self, number: int, event: Event) -> Out:
        """Return the record of event ``number``'s view. A tombstone stays one, under its new key."""
        record = event.record
        changed = self._changes(number)
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
        # lose records. A key that is not text can't be examined, and is pseudonymised.
        text = text_of(key)
        if text is None:
            return self._keyring.pseudonym("key", key.hex()).encode()
        spans = [(one.leaf, one.bit) for one in self._spans.of(number)]
        found = [*self._fields.of(number), *spans]
        bits = [bit for leaf, bit in found if self._leaves.holders[leaf] == KEY]
        worst = max([(self._actions[bit], bit) for bit in bits], default=(0, 0))
        if worst[0] == Action.ALLOW:
            return key
        code = CODES[worst[1]]
        if worst[0] == Action.TOKENIZE:
            return self._keyring.token(code, text).encode()
        return self._keyring.pseudonym(code, text, exact=True).encode()

    def _headers(
        self, headers: Sequence[tuple[str, bytes]], changed: dict[int, str | None]
    ) -> list[tuple[str, bytes]]:
        # Each header is treated like a field; one that is not text can't be examined: left out.
        leaves = self._leaves
        new = {
            leaves.keys[leaf]: value
            for leaf, value in changed.items()
            if leaves.holders[leaf] == HEADER
        }
        kept: list[tuple[str, bytes]] = []
        for number, (name, value) in enumerate(headers):
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

    def _changes(self, number: int) -> dict[int, str | None]:
        """Return what becomes of each leaf that changes: its new text; None to leave it out."""
        texts = self._leaves.texts
        changed: dict[int, str | None] = {}
        inner: dict[int, list[Found]] = {}
        for one in self._spans.of(number):
            inner.setdefault(one[0], []).append(one)
        for leaf, bit in self._fields.of(number):
            if self._actions[bit] >= _DROP:
                changed[leaf] = None
                inner.pop(leaf, None)
            else:
                changed[leaf] = self._whole(bit, texts[leaf], inner.pop(leaf, ()))
        for leaf, spans in inner.items():
            changed[leaf] = self._pieces(texts[leaf], spans)
        return changed

    def _whole(self, bit: int, text: str, spans: Sequence[Found]) -> str | None:
        """Return what becomes of a field, in which something else may have been found too."""
        action = self._actions[bit]
        if spans:
            action = max(action, *[self._actions[one[3]] for one in spans])
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
            action = min(self._actions[bit], Action.REDACT)  # a part can't be left out
            parts.append(text[at:start])
            parts.append(transform(action, CODES[bit], text[start:end], self._keyring))
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


def _changed(leaves: Leaves, root: int, changed: Mapping[int, str | None]) -> Any:
    """Return an event with each leaf's new text; None takes a leaf out.

    It is a copy in which only what lies on the way to a change is new.
    """
    holders, keys, nodes = leaves.holders, leaves.keys, leaves.nodes
    event = leaves.objects[root].copy()
    copies = {root: event}
    renamed: list[tuple[Any, int]] = []
    for leaf, value in changed.items():
        holder = holders[leaf]
        if holder < 0:
            continue  # the key, or a header
        container = copies.get(holder)
        if container is None:
            container = _copied(leaves, holder, copies)
        if nodes[leaf].is_name:
            renamed.append((container, leaf))
        elif value is None and type(container) is dict:
            del container[keys[leaf]]
        else:
            container[keys[leaf]] = value  # the places of an array's elements stay
    for container, leaf in renamed:  # last: everything is put in its place by the old names
        _rename(container, keys[leaf], changed[leaf])
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

    An array where the path has none is taken for many of what should stand there.
    """
    if not path:
        return None if holder is None else WITHHELD
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
