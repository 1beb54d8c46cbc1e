"""The leaves of a batch joined into one buffer, so that one scan of each database sees them all."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_TOP_BITS, _INNER = 0xC0, 0x80  # of a byte of UTF-8 that does not begin a character
Places = npt.NDArray[np.int64]


class Joined:
    """All texts of a batch, each between two zero bytes, and the way back from a byte to its text.

    The zero byte in front lets a pattern ask for an edge before a first character, too.
    """

    __slots__ = ("_inner", "_zeros", "data", "text", "texts")

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._join()
        if len(self._zeros) != len(texts) + 1:  # a text holds the separator: as long without it
            self.texts = [text.replace("\x00", "\x01") for text in texts]
            self._join()
        # The bytes that are not the first of their character, where there are any.
        self._inner = None
        if len(self.data) != len(self.text):
            array = np.frombuffer(self.data, np.uint8)
            self._inner = np.flatnonzero((array & _TOP_BITS) == _INNER)

    def _join(self) -> None:
        joined = "\x00".join(self.texts)
        self.text = f"\x00{joined}\x00"
        self.data = self.text.encode(errors="replace")  # half of a character is one of any other
        self._zeros = np.flatnonzero(np.frombuffer(self.data, np.uint8) == 0)

    def begins(self, leaves: Sequence[int]) -> list[int]:
        """Return where texts begin in ``text``; one past the last text is where it ends."""
        zeros = self._zeros[np.array(leaves, np.int64)]
        if self._inner is not None:
            zeros = zeros - np.searchsorted(self._inner, zeros)
        begins: list[int] = (zeros + 1).tolist()
        return begins

    def locate(self, ends: Sequence[int], beyond: Places | int = 0) -> tuple[list[int], list[int]]:
        """Return the text in which each match ends, and after how many of its characters.

        ``beyond`` says how many bytes a match takes beyond what it is looked for; the zero byte
        behind a text may be among them.
        """
        places = np.array(ends, np.int64) - beyond
        leaves = np.searchsorted(self._zeros, places - 1) - 1
        begins = self._zeros[leaves] + 1
        sizes = places - begins
        if self._inner is not None:
            sizes -= np.searchsorted(self._inner, places) - np.searchsorted(self._inner, begins)
        return leaves.tolist(), sizes.tolist()

    def leaves(self, ends: Sequence[int]) -> list[int]:
        """Return the texts in which matches end, in order and each once."""
        leaves = np.searchsorted(self._zeros, np.array(ends, np.int64) - 1) - 1
        once: list[int] = np.unique(leaves).tolist()
        return once
