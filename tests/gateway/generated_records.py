"""Strategies for records: JSON of any shape, events that look like a contract's, and poison."""

from typing import Any

import orjson
from hypothesis import strategies as st

from gateway.stream import Line
from schemas.event import Contract, contracts

# What could stand in any field: of people, of machines, and what only looks like something.
VALUES = st.sampled_from(
    [
        "ayse.yilmaz@ornek.example",
        "Ayşe Demir",
        "+90 532 123 45 67",
        "TR330006100519786457841326",
        "192.0.2.7",
        "2001:db8::1",
        "1990-05-17",
        "TR",
        "US-CA",
        "4111 1111 1111 1111",
        "she wrote from ayse.yilmaz@ornek.example on 1990-05-17, Ayşe did",
        "ord-20261105-7731",
        "²²²²-1²-01",
        "",
        10000000146,
        1793880000000,
        -3,
        0.5,
        True,
        None,
    ]
)
TIMES = st.sampled_from(
    ["2026-11-05T11:00:00Z", "2026-11-05T11:00:07Z", "2026-11-05T11:00:1²Z", "yesterday", 7, None]
)


def _grown(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(children, max_size=4) | st.dictionaries(_NAMES, children, max_size=4)


_NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_NAMES = _TEXTS | st.sampled_from(["email", "name", "ayse.yilmaz@ornek.example", "contact"])
_ATOMS: st.SearchStrategy[Any] = st.none() | st.booleans() | _NUMBERS | _TEXTS | VALUES
JSON = st.recursive(_ATOMS, _grown, max_leaves=12)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Return an event of some contract's kind, with fields of the right and of the wrong type."""
    contract = draw(st.sampled_from(list(contracts().values())))
    body: dict[str, Any] = {"type": contract.kind, "time": draw(TIMES)}
    for path in draw(st.lists(st.sampled_from(_places(contract)), max_size=8)):
        _put(body, path, draw(VALUES | VALUES | VALUES | JSON))
    return body


def _places(contract: Contract) -> list[tuple[str, ...]]:
    """Return every path that a contract speaks of."""
    places = [*contract.fields]
    subjects, observed = contract.subjects, contract.observed
    if subjects is not None:
        start = () if subjects.each is None else (*subjects.each, "*")
        named = [path for _, path in subjects.identities]
        places += [(*start, *path) for path in [*named, subjects.jurisdiction] if path]
    if observed is not None:
        places += [
            path for path in (observed.principal, observed.session, observed.country) if path
        ]
    return [*places, ("note",)]


def _put(body: Any, path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path, where nothing of another shape is in its way."""
    for at, name in enumerate(path):
        last = at == len(path) - 1
        child = value if last else [] if path[at + 1] == "*" else {}
        if isinstance(body, list):
            body.append(child)
            body = child
        elif isinstance(body, dict):
            body = body.setdefault(name, child)


POISON = st.sampled_from(
    [
        b"",
        b"{",
        b"[1]",
        b'"text"',
        b'{"a":"\xff"}',
        b'{"type":7}',
        b'{"type":"crm.contact","time":"soon"}',
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b'{"a":[' + b'"x",' * 300 + b'"x"]}',
        b'{"a":"' + b"x" * 5_000 + b'"}',
    ]
)
KEYS = st.none() | st.sampled_from([b"", b"c1", b"ayse.yilmaz@ornek.example", b"\xff\xfe"])
PARENT = b"00-" + b"a1" * 16 + b"-" + b"b2" * 8 + b"-01"
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["ce_type", "ce_time", "traceparent", "x-user", "user-agent"]),
        st.sampled_from(
            [b"crm.contact", b"2026-11-05T11:00:00Z", PARENT, b"a@b.example", b"\xff", b""]
        )
        | st.none(),
    ),
    max_size=3,
)
GOOD = events().map(orjson.dumps) | st.dictionaries(_NAMES, JSON, max_size=5).map(orjson.dumps)


def lines(values: st.SearchStrategy[bytes | None]) -> st.SearchStrategy[list[Line]]:
    """Return some records with these values; their offsets are the batch's to say."""
    headers: st.SearchStrategy[Any] = HEADERS  # Kafka allows a header without a value
    return st.lists(
        st.builds(Line, offset=st.just(0), value=values, key=KEYS, headers=headers), max_size=8
    )


MIXED = lines(GOOD | GOOD | POISON | st.binary(max_size=40) | st.none())
