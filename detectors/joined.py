"""The leaves of a batch joined into one buffer, so that one scan of each database sees them all."""

from collections.abc import Sequence

import numpy as np


class Joined:
    """All texts of a batch, each between two zero bytes, and the way back from a byte to its text.

    The zero byte in front lets a pattern ask for an edge before a first character, too.
    """

    __slots__ = ("_zeros", "data", "texts")

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "\x00".join(texts)
        if joined.count("\x00") >= len(texts):  # a leaf holds the separator: same length without it
            texts = [text.replace("\x00", "\x01") for text in texts]
            joined = "\x00".join(texts)
        self.texts = texts
        self.data = f"\x00{joined}\x00".encode()
        self._zeros = np.flatnonzero(np.frombuffer(self.data, np.uint8) == 0)

    def locate(self, ends: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the text in which each match ends, and how many of its bytes stand before the end.

        A match that takes the zero byte behind a text ends one byte behind that text.
        """
        places = np.array(ends, np.int64)
        leaves = np.searchsorted(self._zeros, places - 1) - 1
        return leaves.tolist(), (places - self._zeros[leaves] - 1).tolist()

    def leaves(self, ends: Sequence[int]) -> list[int]:
        """Return the texts in which matches end, in order and each once."""
        leaves = np.searchsorted(self._zeros, np.array(ends) - 1) - 1
        once: list[int] = np.unique(leaves).tolist()
        return once

    def characters(self, leaf: int, size: int) -> int:
        """Return how many characters the first ``size`` bytes of a text are, half ones left out."""
        text = self.texts[leaf]
        if text.isascii():
            return size
        return len(text.encode()[:size].decode(errors="ignore"))
