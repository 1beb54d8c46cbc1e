"""scrubadub with the detectors that it has by itself."""

import sys
from collections.abc import Sequence

import scrubadub

from bench.rivals.child import Find, serve


def load(_: str) -> Find:
    """Return what finds with the default detectors."""
    scrubber = scrubadub.Scrubber()

    def find(text: str, _key: str) -> Sequence[tuple[int, int, str, float]]:
        return [(one.beg, one.end, one.type, 1.0) for one in scrubber.iter_filth(text)]

    return find


if __name__ == "__main__":
    serve(load(sys.argv[1]), sys.argv[2])
