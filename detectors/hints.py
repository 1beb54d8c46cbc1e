"""What the name of a field says beforehand: which rules it speaks for, and that it speaks against."""

from collections.abc import Iterator, Sequence

from detectors.rule import AGAINST, Rule, field_words


class Hints:
    """The rules' field hints, ready to be asked once for every place of a shape."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._masks: dict[str, int] = {}
        self._claims: dict[str, int] = {}  # the first rule that claims fields by the hint
        for number, rule in enumerate(rules):
            for hint in rule.hints:
                self._masks[hint] = self._masks.get(hint, 0) | 1 << number
                if rule.candidate == "field":
                    self._claims.setdefault(hint, number)
        self._against = {field_words(word) for word in AGAINST if word.isascii()}
        self._contradicts = 1 << len(rules)
        self._wanted = sum(1 << at for at, rule in enumerate(rules) if rule.asks_for_fields)
        hints = self._against.union(self._masks)
        self._longest = max((hint.count("_") + 1 for hint in hints), default=0)

    def supports(self, names: Sequence[str]) -> int:
        """Return the mask of the rules that the field's name, or its parent's, speaks for.

        Bit n is rule n; the bit behind the last rule says that the name speaks against them all:
        an order, a time stamp, a version and the like.
        """
        mask = 0
        for phrase in self._phrases(names[-2:]):
            mask |= self._masks.get(phrase, 0)
        if any(phrase in self._against for phrase in self._phrases(names[-1:])):
            mask |= self._contradicts
        return mask

    def is_wanted(self, supports: int) -> bool:
        """Say whether such support is for a rule that looks into fields because of their names."""
        return supports & self._wanted != 0

    def whole(self, names: Sequence[str]) -> int:
        """Return the number of the rule that claims the whole field by its name; -1: none."""
        words = _words(names[-2:])
        ending = ["_".join(words[-size:]) for size in range(1, self._longest + 1)]
        return min((self._claims[hint] for hint in ending if hint in self._claims), default=-1)

    def _phrases(self, names: Sequence[str]) -> Iterator[str]:
        words = _words(names)
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                yield "_".join(words[start:end])


def _words(names: Sequence[str]) -> list[str]:
    return "_".join(map(field_words, names)).split("_")
