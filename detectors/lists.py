"""What is never reported, and what always is, whatever the rules say: an operator's own lists.

A value is compared without regard to case, and, where it is no address, to what stands between its
letters and digits. A field that a contract declares is what it is declared to be: no list changes it.
"""

from collections.abc import Sequence

import msgspec

from detectors.confirm import Scored
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.lexicon import Lexicon, spellings
from detectors.overlap import Found
from detectors.spellings import fold
from detectors.words import SeenWords

# Card numbers that issuers and processors publish for tests; none was ever given to anybody.
TEST_CARDS = frozenset(
    [
        *("4111111111111111", "4012888888881881", "4222222222222", "4242424242424242"),  # Visa
        *("4000056655665556", "4917610000000000", "4000000000000002", "4000002500003155"),
        *("5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222"),
        *("5454545454545454", "2222400070000005", "5577000055770004"),  # Mastercard
        *("378282246310005", "371449635398431", "378734493671000", "343434343434343"),  # Amex
        *("6011111111111117", "6011000990139424", "6011981111111113"),  # Discover
        *("30569309025904", "38520000023237", "36227206271667", "3056930009020004"),  # Diners
        *("3530111333300000", "3566002020360505", "3569990010095841"),  # JCB
        *("6200000000000005", "6205500000000000004"),  # UnionPay
        *("6759649826438453", "6331101999990016", "5019717010103742"),  # Maestro and its like
    ]
)


class Denied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that is always reported, as an entity that some rule finds."""

    value: str
    entity: str


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Values never reported (``allow``) and always reported (``deny``).

    Addresses at ``domains``, or at a domain below one of them, are never reported. ``test_cards``
    allows the card numbers that are published for tests.
    """

    allow: frozenset[str] = frozenset()
    deny: tuple[Denied, ...] = ()
    domains: frozenset[str] = frozenset()
    test_cards: bool = False


class Allowed:
    """The values that are never reported, ready to be asked."""

    def __init__(self, lists: Lists) -> None:
        cards = TEST_CARDS if lists.test_cards else frozenset[str]()
        self._values = {_key(value) for value in lists.allow | cards}
        self._domains = {fold(domain).lstrip("@.") for domain in lists.domains}

    def without(self, found: list[Found], texts: Sequence[str]) -> list[Found]:
        """Return the findings whose text is not on the list. ``found`` has no overlaps any more.

        What lost an overlap to an allowed value is gone with it: the digits of a test card are not
        a telephone number instead.
        """
        if not (self._values or self._domains):
            return found
        return [one for one in found if not self._holds(texts[one.leaf][one.start : one.end])]

    def _holds(self, text: str) -> bool:
        return _key(text) in self._values or (bool(self._domains) and self._is_own(text))

    def _is_own(self, text: str) -> bool:
        _, at, domain = fold(text).rpartition("@")
        parts = domain.split(".")
        return bool(at) and any(".".join(parts[n:]) in self._domains for n in range(len(parts)))


class AlwaysFound(Lexicon):
    """Finds the values that are always reported, where they stand as words of their own."""

    __slots__ = ("_values",)

    def __init__(self, denied: Sequence[Denied], rules: Sequence[Scored]) -> None:
        by_entity = {one.rule.entity: one for one in reversed(rules)}
        unknown = sorted({one.entity for one in denied} - by_entity.keys())
        if unknown:
            raise ValueError(f"no rule finds {', '.join(unknown)}, which the deny list names")
        values = [
            (spelling, by_entity[one.entity])
            for one in denied
            for spelling in sorted(spellings(one.value))
        ]
        super().__init__([(value, True) for value, _ in values])
        self._values = [(len(value), rule) for value, rule in values]

    def find(
        self,
        joined: Joined,
        leaves: Leaves,  # noqa: ARG002  # every finder is asked in one way
        words: SeenWords,  # noqa: ARG002
        found: list[Found],
    ) -> None:
        """Append what is found in the batch, for sure."""
        for value, leaf, end in zip(*self.words(joined), strict=True):
            size, rule = self._values[value]
            found.append(rule.found(leaf, end - size, end, 1.0))


def _key(text: str) -> str:
    text = fold(text)
    return text if "@" in text else "".join(filter(str.isalnum, text))
