"""DataFog: its Python engine, its Rust engine through the same call, and the Rust engine alone."""

import sys
from collections.abc import Sequence

import datafog
import datafog_core

from bench.rivals.child import Find, serve


def load(engine: str) -> Find:
    """Return what finds by the backend ``python`` or ``rust``, or by the Rust ``core`` itself."""

    def find(text: str, _key: str) -> Sequence[tuple[int, int, str, float]]:
        found = datafog.scan(text, engine="regex", backend=engine).entities
        return [(one.start, one.end, one.type, one.confidence) for one in found]

    def core(text: str, _key: str) -> Sequence[tuple[int, int, str, float]]:
        return [
            (one.codepoint_range.start, one.codepoint_range.end, one.entity_type, 1.0)
            for one in datafog_core.scan(text)
        ]

    return core if engine == "core" else find


if __name__ == "__main__":
    serve(load(sys.argv[1]), sys.argv[2])
