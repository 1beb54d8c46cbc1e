"""Damage to a partition's log on disk, as a bad disk or an unclean election leaves it."""

import struct
from pathlib import Path

LENGTH, RECORDS = 8, 61  # places in a batch
_HEAD = 12  # bytes that a batch's length does not count


def batches(log: Path) -> list[tuple[int, int]]:
    """Return the first offset of every batch in a log file, and where it stands there."""
    data, at, found = log.read_bytes(), 0, list[tuple[int, int]]()
    while at + RECORDS <= len(data):
        base, length = struct.unpack_from(">qi", data, at)
        if length <= 0:
            break  # what is allocated ahead
        found.append((base, at))
        at += _HEAD + length
    return found


def flip(log: Path, at: int) -> None:
    """Turn over the bits of one byte; once more, and it is what it was."""
    with log.open("r+b") as file:
        file.seek(at)
        [byte] = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))


def cut(log: Path, number: int) -> int:
    """Cut a log before the how-manieth batch and return the offset at which it ends now."""
    offset, place = batches(log)[number]
    with log.open("r+b") as file:
        file.truncate(place)
    return offset
