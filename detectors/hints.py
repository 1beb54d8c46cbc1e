"""What the name of a field says beforehand: which rules it speaks for, and that it speaks against."""

from collections.abc import Sequence

from detectors.rule import AGAINST, Rule, field_words


class Hints:
    """The rules' field hints, ready to be asked once for every place of a shape."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._hints = [
            (number, tuple(f"_{hint}_" for hint in rule.hints), rule.candidate == "field")
            for number, rule in enumerate(rules)
        ]
        self._contradicts = tuple(f"_{field_words(word)}_" for word in AGAINST if word.isascii())

    def supports(self, names: Sequence[str]) -> int:
        """Return the mask of the rules that the field's name, or its parent's, speaks for.

        Bit n is rule n; the bit behind the last rule says that the name speaks against them all:
        an order, a time stamp, a version and the like.
        """
        words = self._words(names)
        mask = sum(
            1 << number for number, hints, _ in self._hints if any(h in words for h in hints)
        )
        return mask | self._against(names) << len(self._hints)

    def whole(self, names: Sequence[str]) -> int:
        """Return the number of the rule that claims the whole field by its name; -1: none."""
        words = self._words(names)
        for number, hints, claims in self._hints:
            if claims and any(words.endswith(hint) for hint in hints):
                return number
        return -1

    def _against(self, names: Sequence[str]) -> bool:
        return any(word in self._words(names[-1:]) for word in self._contradicts)

    @staticmethod
    def _words(names: Sequence[str]) -> str:
        return f"_{'_'.join(field_words(name) for name in names[-2:])}_"
