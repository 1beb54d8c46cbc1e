"""A sample: one event, where personal data was planted in it, and the key it travels under."""

from typing import Any

import msgspec
import orjson


class Label(msgspec.Struct, frozen=True, gc=False):
    """One planted value: characters ``start`` up to ``end`` of the leaf at a JSON pointer.

    A leaf that is a number counts as the text that JSON writes for it.
    """

    path: str
    start: int
    end: int
    entity: str


class Sample(msgspec.Struct, frozen=True):
    """One generated event, its labels, and the id of its person, which is its Kafka key."""

    event: dict[str, Any]
    labels: list[Label]
    key: str

    def __repr__(self) -> str:
        """Name the kind, never the content."""
        return f"Sample({self.event['type']}, {len(self.labels)} labels)"


def encode(sample: Sample) -> bytes:
    """Return the event as compact UTF-8 JSON without a line end."""
    return orjson.dumps(sample.event)
