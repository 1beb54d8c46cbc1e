"""What a segment of the trail says of itself, in its Parquet footer, under ``FOOTER_KEY`` as JSON."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from gateway.errors import TrailError
from schemas.audit import FOOTER_KEY, WireMeta

FORMAT = 1


class Place(msgspec.Struct, frozen=True):
    """One partition of one input: what consumed ranges are contiguous of."""

    tenant: str
    input: str
    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition} (input {self.input}, tenant {self.tenant})"


class Consumed(msgspec.Struct, frozen=True):
    """The range of an input partition that a segment covers; ``count`` records were in it."""

    tenant: str
    input: str
    topic: str
    partition: int
    first: int
    next: int
    count: int

    @property
    def place(self) -> Place:
        """The input partition."""
        return Place(self.tenant, self.input, self.topic, self.partition)


class End(msgspec.Struct, frozen=True):
    """How far an input partition was consumed at the end of a segment, there or before it."""

    place: Place
    next: int


class FindingTotal(msgspec.Struct, frozen=True):
    """How often an entity was found in one kind of event of one tenant, and how surely at least."""

    tenant: str
    resource: str
    entity: str
    category_bit: int
    detected_by: int
    count: int
    lowest_confidence: float


class PolicyUse(msgspec.Struct, frozen=True):
    """A version of a tenant's policy that decided in the segment."""

    tenant: str
    version: str


class Footer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A segment: offsets ``first`` up to ``next_offset`` of a lane, and what is in it.

    ``previous`` is where the segment before it starts, ``previous_sha256`` what it was, byte for
    byte; None for the first of a trail. ``ends`` is how far every input partition of the lane was
    consumed, also those that ``consumed`` has not.
    """

    format: int
    lane: str
    first: int
    next_offset: int
    previous: int | None
    rows: int
    time_min: int | None  # microseconds since 1970, UTC; None: no rows
    time_max: int | None
    consumed: tuple[Consumed, ...]
    ends: tuple[End, ...]
    findings: tuple[FindingTotal, ...]
    policies: tuple[PolicyUse, ...]
    previous_sha256: str | None = None  # also where it was published before digests were kept


def read_footer(path: Path) -> Footer:
    """Return a segment's footer. Raises TrailError where the file is not a segment of ours."""
    try:
        metadata = pq.read_metadata(path)
        footer = msgspec.json.decode((metadata.metadata or {})[FOOTER_KEY], type=Footer)
    except (pa.ArrowException, OSError, KeyError, msgspec.DecodeError) as error:
        raise TrailError(
            f"alien file: {path} has no readable footer of a segment ({type(error).__name__}); it"
            " is damaged, or none of ours. Bring the segment back from a copy, or move the file out"
            " of the trail, which lacks then what it held"
        ) from error
    if footer.format != FORMAT:
        raise TrailError(f"alien file: {path} has format {footer.format}, this is {FORMAT}")
    if footer.rows != metadata.num_rows:
        raise TrailError(
            f"alien file: {path} holds {metadata.num_rows} rows, its footer says {footer.rows}"
        )
    return footer


def merged(metas: Iterable[WireMeta]) -> tuple[Consumed, ...]:
    """Return what audit batches consumed, one range an input partition, in order of appearance.

    Raises TrailError where the ranges of an input partition are not contiguous.
    """
    ranges: dict[Place, Consumed] = {}
    for meta in metas:
        place = Place(meta.tenant, meta.source, meta.topic, meta.partition)
        before = ranges.get(place)
        if before is not None and before.next != meta.first:
            raise TrailError(hole(place, before.next, meta.first))
        first, count = (meta.first, 0) if before is None else (before.first, before.count)
        ranges[place] = Consumed(
            tenant=meta.tenant,
            input=meta.source,
            topic=meta.topic,
            partition=meta.partition,
            first=first,
            next=meta.next,
            count=count + meta.count,
        )
    return tuple(ranges.values())


def advanced(ends: Iterable[End], consumed: Iterable[Consumed]) -> tuple[End, ...]:
    """Return the ends after some ranges more.

    Raises TrailError where a range does not begin where its input partition ended.
    """
    after = {end.place: end.next for end in ends}
    for each in consumed:
        expected = after.get(each.place, each.first)
        if each.first != expected:
            raise TrailError(hole(each.place, expected, each.first))
        after[each.place] = each.next
    return tuple(End(place, position) for place, position in after.items())


def hole(place: Place, expected: int, found: int) -> str:
    """Say that consumed ranges do not meet."""
    what = "gap" if found > expected else "overlap"
    return f"audit {what}: {place} was consumed up to {expected}, the next range is from {found}"


def finding_totals(metas: Iterable[WireMeta]) -> tuple[FindingTotal, ...]:
    """Return the finding counts of audit batches, added up, in a fixed order."""
    totals: dict[tuple[str, str, str, int, int], tuple[int, float]] = {}
    for meta in metas:
        for one in meta.findings:
            key = (meta.tenant, one.resource, one.entity, one.category_bit, one.detected_by)
            count, lowest = totals.get(key, (0, one.lowest_confidence))
            totals[key] = (count + one.count, min(lowest, one.lowest_confidence))
    return tuple(FindingTotal(*key, *totals[key]) for key in sorted(totals))


def policies_used(metas: Sequence[WireMeta]) -> tuple[PolicyUse, ...]:
    """Return the policy versions of audit batches, each once, in a fixed order."""
    pairs = {(meta.tenant, meta.policy_version) for meta in metas}
    return tuple(PolicyUse(*pair) for pair in sorted(pairs))
