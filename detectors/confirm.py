"""Confirms and scores candidates: checksum, context, field hint, contradiction.

A sight is called with a leaf's text, the end of a match in it, the leaf's number and node, and
what stands near the match; it appends what it found. ``near`` and a node's ``supports`` are masks:
bit n says that a word, or the field's name, speaks for rule n. A candidate that fails its checksum
is gone; support raises the rest to the rule's ``supported``; a contradiction lowers what nothing
supports.
"""

from collections.abc import Callable, Sequence

from detectors import candidates, phone
from detectors.checks import BY_NAME, iban_length
from detectors.overlap import Found, make
from detectors.rule import CONTRADICTION, Rule
from detectors.walk import Node
from schemas.audit import BY_RULE

FLOOR = 0.2  # what scores less is not reported at all
NUMBERS = ("digits", "phone", "ipv4")  # what an order number or a version can be mistaken for

Sight = Callable[[str, int, int, Node, int, list[Found]], None]

PLACEHOLDERS = frozenset(
    ["null", "none", "true", "false", "undefined", "redacted", "********", "changeme", "required"]
)


class Scored:
    """A rule with everything looked up that scoring needs."""

    __slots__ = ("_against", "_for", "bit", "check", "number", "rule")

    def __init__(self, number: int, rule: Rule, rules: int) -> None:
        self.number = number
        self.rule = rule
        self.bit = rule.bit
        self.check = BY_NAME.get(rule.check)
        self._for = 1 << number
        # Behind the rules' bits come the contradictions: one bit for all, then one a rule.
        self._against = 1 << rules | 1 << (rules + 1 + number) if rule.candidate in NUMBERS else 0

    def score(self, near: int) -> float:
        """Return the confidence of a candidate of this rule, if its checksum holds."""
        if near & self._for:
            return self.rule.supported
        if near & self._against:
            return self.rule.confidence - CONTRADICTION
        return self.rule.confidence

    def found(self, leaf: int, start: int, end: int, confidence: float) -> Found:
        """Return a finding of this rule."""
        return make((leaf, start, end, self.bit, self.number, confidence, BY_RULE))


def edges(text: str, start: int, end: int) -> bool:
    """Say whether a number stands for itself: not in a word, not behind a decimal point."""
    if end < len(text):
        char = text[end]
        if (char.isalnum() and char.isascii()) or char == "_":
            return False
    if start:
        char = text[start - 1]
        if (char.isalnum() and char.isascii()) or char == "_":
            return False
        if char in ".," and start > 1 and text[start - 2].isdigit():
            return False
    return True


class Confirm:
    """All rules, by the candidates that they confirm. Holds a place in a batch: one thread."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.scored = [Scored(number, rule, len(rules)) for number, rule in enumerate(rules)]
        # By length, all rules; and those that can score without support, which is mostly enough.
        self._by_length: dict[int, list[Scored]] = {}
        self._unsupported: dict[int, list[Scored]] = {}
        for one in self.scored:
            if one.rule.candidate == "digits":
                for length in one.rule.lengths:
                    self._by_length.setdefault(length, []).append(one)
                    if one.rule.confidence >= FLOOR:
                        self._unsupported.setdefault(length, []).append(one)
        self._phones = [one for one in self.scored if one.rule.candidate == "phone"]
        self._ibans = [one for one in self.scored if one.rule.candidate == "iban"]
        self._run = (-1, -1)

    def field(self, number: int, text: str) -> bool:
        """Say whether a field's content can be what the field's name says: rule ``number``."""
        one = self.scored[number]
        if one.check is not None:
            return one.check("".join(filter(str.isdigit, text)))
        if one.rule.alphabet == "letters":
            return len(text) <= 200 and any(map(str.isalpha, text))
        return text.lower() not in PLACEHOLDERS

    def start(self) -> None:
        """Begin a batch: no run of digits has been looked at yet."""
        self._run = (-1, -1)

    def span(self, kind: str) -> Sight:
        """Return the sight of a candidate that its text alone delimits."""
        delimit = {
            "email": candidates.email,
            "ipv4": candidates.ipv4,
            "ipv6": candidates.ipv6,
            "mac": candidates.mac,
            "url": candidates.url_credentials,
        }[kind]
        rules = [one for one in self.scored if one.rule.candidate == kind]
        bits = {one.bit for one in rules if one.rule.annotated}

        def see(text: str, end: int, leaf: int, node: Node, near: int, found: list[Found]) -> None:
            if node.bit in bits and not node.free:
                return  # the whole leaf is annotated as just this
            place = delimit(text, end)
            if place is not None:
                for one in rules:
                    confidence = one.score(near | node.supports)
                    if confidence >= FLOOR:
                        found.append(one.found(leaf, *place, confidence))

        return see

    def number(
        self, text: str, end: int, leaf: int, node: Node, near: int, found: list[Found]
    ) -> None:
        """Classify a run of digits: as a telephone number, or by length, prefix and checksum.

        The whole run goes first. Only where it is nothing, its groups are tried: two numbers with
        a space between them are one run.
        """
        if self._run[0] == leaf and end <= self._run[1]:
            return  # an earlier match of the same run has looked at all of it
        start, stop = candidates.number(text, end)
        self._run = (leaf, stop if stop - end < candidates.RUN else end)
        near |= node.supports
        run = text[start:stop]
        digits = run.translate(candidates.NOT_DIGITS)
        if run.count(".") == 3:
            return  # an address of the network, or a version
        if self._classify(text, start, stop, digits, leaf, near, found):
            return
        if len(digits) != stop - start:
            for first, last in candidates.pieces(run):
                piece = run[first:last].translate(candidates.NOT_DIGITS)
                self._classify(text, start + first, start + last, piece, leaf, near, found)

    def _classify(
        self,
        text: str,
        start: int,
        end: int,
        digits: str,
        leaf: int,
        near: int,
        found: list[Found],
    ) -> bool:
        size = len(digits)
        if not 7 <= size <= 19 or not edges(text, start, end):
            return False
        before = len(found)
        for one in (self._by_length if near else self._unsupported).get(size, ()):
            confidence = one.score(near)
            if confidence < FLOOR:
                continue
            rule = one.rule
            if size == end - start:
                if rule.separated and confidence < rule.supported:
                    continue
            elif rule.groups and candidates.sizes(text[start:end]) not in rule.groups:
                continue
            if rule.prefixes and not digits.startswith(rule.prefixes):
                continue
            if one.check is None or one.check(digits):
                found.append(one.found(leaf, start, end, confidence))
        if start > 1 and text[start - 1] == "-" and text[start - 2].isalnum():
            return len(found) > before  # ``SO-2026-647211`` is a code, and no telephone number
        bare = size == end - start and not digits.startswith("00")
        if size <= 15 and (
            near or not bare
        ):  # bare digits are a phone only where something says so
            for one in self._phones:
                confidence = self._phone(one, text[start:end], digits, near)
                if confidence >= FLOOR:
                    found.append(one.found(leaf, start, end, confidence))
        return len(found) > before

    @staticmethod
    def _phone(one: Scored, run: str, digits: str, near: int) -> float:
        confidence = one.score(near)
        supported = confidence >= one.rule.supported
        grade = phone.grade(run, digits)
        if grade < 0:
            return 0.0
        if supported:
            return confidence - (phone.INTERNATIONAL - grade) * 0.15
        if grade == phone.BARE:
            return confidence - 0.5
        # As people write telephone numbers: that outweighs the word order beside it.
        return one.rule.confidence - (phone.INTERNATIONAL - grade) * 0.25

    def iban(
        self, text: str, end: int, leaf: int, node: Node, near: int, found: list[Found]
    ) -> None:
        """Confirm an IBAN whose country and check digits were seen."""
        head = end - 9 if text[end - 5] == " " else end - 8
        length = iban_length(text[head : head + 2].upper())
        if not length or not edges(text, head, head + 4 if text[head + 4] == " " else len(text)):
            return
        start, stop = candidates.iban(text, head + 4, length)
        compact = text[start:stop].replace(" ", "").upper()
        if len(compact) == length and edges(text, start, stop):
            for one in self._ibans:
                if one.check and one.check(compact):
                    found.append(one.found(leaf, start, stop, one.score(near | node.supports)))

    def token(self, one: Scored) -> Sight:
        """Return the sight of a token: the run of its alphabet around the head that was seen."""
        alphabet = candidates.ALPHABETS[one.rule.alphabet]
        least, most = one.rule.lengths
        after = one.rule.pattern.endswith(" ")  # the head is a keyword, the value follows it
        check = one.check

        def see(text: str, end: int, leaf: int, node: Node, near: int, found: list[Found]) -> None:
            start = end if after else candidates.reach_back(text, end, alphabet)
            stop = candidates.reach_on(text, end, alphabet, most + 1)
            if least <= stop - start <= most and (check is None or check(text[start:stop])):
                confidence = one.score(near | node.supports)
                if confidence >= FLOOR:
                    found.append(one.found(leaf, start, stop, confidence))

        return see

    def assignment(self, one: Scored) -> Sight:
        """Return the sight of a keyword with a value assigned to it."""

        def see(text: str, end: int, leaf: int, node: Node, near: int, found: list[Found]) -> None:
            place = candidates.assigned(text, end)
            if place is not None and text[place[0] : place[1]].lower() not in PLACEHOLDERS:
                found.append(one.found(leaf, *place, one.score(near | node.supports)))

        return see
