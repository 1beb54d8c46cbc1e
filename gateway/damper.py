"""How seldom the same complaint is repeated: at once, then after 10 seconds, then twice as seldom."""

import time
from collections.abc import Callable, Hashable

FIRST_SECONDS, LONGEST_SECONDS = 10.0, 600.0


class Damper:
    """Remembers what was said of late. A complaint that has stopped for a while is new again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # when the next line is due, how many wait for it, and how long it is from line to line
        self._held: dict[Hashable, tuple[float, int, float]] = {}

    def due(self, complaint: Hashable) -> int:
        """Return how many times it came since it was said last, this one too; 0: say nothing yet."""
        now = self._clock()
        due, waiting, pause = self._held.get(complaint, (0.0, 0, 0.0))
        if now < due:
            self._held[complaint] = due, waiting + 1, pause
            return 0
        pause = min(2 * pause, LONGEST_SECONDS) if waiting else FIRST_SECONDS
        self._held[complaint] = now + pause, 0, pause
        return waiting + 1
