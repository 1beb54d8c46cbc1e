"""What people write before and behind a name, and the words that are no name there, as data."""

import tomllib
from importlib import resources

import msgspec

from detectors.spellings import fold


class Introductions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases by what they say of a name beside them, and words by what they say of a name.

    The file says what each list is. Of ``stems`` a word needs only begin with one.
    """

    stated: tuple[str, ...]
    in_name_of: tuple[str, ...]
    stated_first: tuple[str, ...]
    titles: tuple[str, ...]
    titles_as_written: tuple[str, ...]
    titles_behind: tuple[str, ...]
    roles: tuple[str, ...]
    met: tuple[str, ...]
    speaker: tuple[str, ...]
    this_is: tuple[str, ...]
    dear: tuple[str, ...]
    hello: tuple[str, ...]
    regards: tuple[str, ...]
    thanks: tuple[str, ...]
    speaks: tuple[str, ...]
    first_person: tuple[str, ...]
    particles: tuple[str, ...]
    stems: tuple[str, ...]
    never: frozenset[str]
    common: frozenset[str]
    names_too: frozenset[str]
    elsewhere: frozenset[str]
    not_titled: frozenset[str]
    mailboxes: frozenset[str]


def introductions() -> Introductions:
    """Return what ships; single words are folded."""
    file = resources.files("detectors").joinpath("introductions.toml")
    data = tomllib.loads(file.read_text("utf-8"))
    words = {name: fold(some).split() for name, some in data.items() if isinstance(some, str)}
    return msgspec.convert(data | words, Introductions)
