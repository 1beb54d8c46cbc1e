"""Says whether a trail is whole and as it was published: each segment vouches for the one before it.

Who may write to the lake can still change a lane's last segment, take segments off its end, or
publish all of it anew from somewhere on. That shows only against heads that were kept elsewhere.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from gateway.errors import TrailError
from gateway.footer import Footer, Place, hole
from gateway.trail import segments, sha256_of


class Head(msgspec.Struct, frozen=True):
    """The end of a lane. ``sha256``, of its last segment, stands for every byte before it, too."""

    lane: str
    segments: int
    rows: int
    next_offset: int
    sha256: str


class Verdict(msgspec.Struct, frozen=True):
    """The heads of all lanes, and every problem, one line each, that shows a loss or a change."""

    heads: tuple[Head, ...]
    problems: tuple[str, ...]


class _Link(msgspec.Struct, frozen=True):
    path: Path
    footer: Footer
    sha256: str


def verify(folder: Path, kept: Sequence[Head] = ()) -> Verdict:
    """Read every byte of the segments and return what is wrong with them, and the heads.

    ``kept`` are heads of an earlier time: what they stand for has to be there still, unchanged.
    Raises TrailError for a file that is not a segment, or that is not what its name says.
    """
    lanes = {
        lane: [_Link(path, footer, sha256_of(path)) for path, footer in found]
        for lane, found in groupby(segments(folder), key=lambda each: each[1].lane)
    }
    problems = [problem for chain in lanes.values() for problem in _problems(chain)]
    problems += [problem for head in kept for problem in _missed(head, lanes.get(head.lane, []))]
    return Verdict(tuple(_head(chain) for chain in lanes.values()), tuple(problems))


def check_chain(folder: Path, lane: str) -> list[Footer]:
    """Return the footers of a lane's segments. Raises TrailError that names all its problems."""
    chain = [
        _Link(path, footer, sha256_of(path))
        for path, footer in segments(folder)
        if footer.lane == lane
    ]
    problems = list(_problems(chain))
    if problems:
        lines = "".join(f"\n  - {problem}" for problem in problems)
        raise TrailError(f"audit trail {folder}, lane {lane}, is not whole:{lines}")
    return [link.footer for link in chain]


def _head(chain: Sequence[_Link]) -> Head:
    last = chain[-1]
    rows = sum(link.footer.rows for link in chain)
    return Head(last.footer.lane, len(chain), rows, last.footer.next_offset, last.sha256)


def _problems(chain: Sequence[_Link]) -> Iterator[str]:
    ends: dict[Place, int] = {}
    for before, link in zip((None, *chain), chain, strict=False):
        for problem in (*_breaks(before, link.footer), *_holes(link.footer, ends)):
            yield f"{link.path.name}: {problem}"
    if chain and not _is_sound(chain[-1].path):
        yield f"{chain[-1].path.name}: audit change: its checksums are not those of its content"


def _breaks(before: _Link | None, footer: Footer) -> Iterator[str]:
    if before is None:
        if footer.previous is not None:
            yield f"audit gap: the segment before it, from {footer.previous}, is missing"
        return
    end = before.footer.next_offset
    if footer.first != end:
        what = "gap" if footer.first > end else "overlap"
        yield f"audit {what}: starts at {footer.first}, the one before ends at {end}"
    elif footer.previous != before.footer.first:
        start = before.footer.first
        yield f"follows the segment from {footer.previous}, the one before is from {start}"
    elif footer.previous_sha256 is None:
        yield f"says no digest of {before.path.name}, which nothing vouches for"
    elif footer.previous_sha256 != before.sha256:
        yield f"audit change: {before.path.name} is not what it was when this one followed it"


def _holes(footer: Footer, ends: dict[Place, int]) -> Iterator[str]:
    for each in footer.consumed:
        expected = ends.get(each.place, each.first)
        if each.first != expected:
            yield hole(each.place, expected, each.first)
        ends[each.place] = each.next
    for end in footer.ends:
        if ends.setdefault(end.place, end.next) != end.next:
            yield f"says that {end.place} ended at {end.next}, the ranges say {ends[end.place]}"


def _is_sound(path: Path) -> bool:
    """Say whether a segment that none follows yet reads as it was written: chance, not malice."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for _ in file.iter_batches():
                pass
    except (pa.ArrowException, OSError):
        return False
    return True


def _missed(head: Head, chain: Sequence[_Link]) -> Iterator[str]:
    """Yield what of a lane's kept head is not there any more, or not as it was."""
    ends = {link.footer.next_offset: link for link in chain}
    link = ends.get(head.next_offset)
    if link is None:
        end = f"ends at {max(ends)}" if ends else "has no segment"
        yield f"audit loss: lane {head.lane} {end}, but had one up to {head.next_offset}"
    elif link.sha256 != head.sha256:
        yield (
            f"audit change: lane {head.lane} up to {head.next_offset} is not what it was:"
            f" {link.path.name} has another digest"
        )
