from collections.abc import Callable
from pathlib import Path

import pytest

from detectors.database import CASELESS, Database
from detectors.kept import kept_in

PATTERNS = [("ab", 0), ("[0-9]{4}", CASELESS)]
SEEN = ([1, 0], [4, 7])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "databases"


def seen(folder: Path, patterns=PATTERNS):
    with kept_in(folder):
        return Database(patterns).see(b"1234 ab")


def test_what_is_compiled_is_kept_for_its_owner_alone(folder):
    assert seen(folder) == SEEN
    [file] = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_is_kept_is_taken_and_not_compiled_again(folder):
    seen(folder)
    [file] = folder.iterdir()
    written = file.stat().st_mtime_ns

    assert seen(folder) == SEEN
    assert [(one, one.stat().st_mtime_ns) for one in folder.iterdir()] == [(file, written)]


def test_other_patterns_or_flags_are_another_database(folder):
    seen(folder)
    seen(folder, [("ab", 0)])
    seen(folder, [("ab", CASELESS)])
    seen(folder, [("ab", 0), ("cd", 0)])

    assert len(list(folder.iterdir())) == 4


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _: b"",
    "cut short": lambda whole: whole[:100],
    "cut by one": lambda whole: whole[:-1],
    "one bit": lambda whole: whole[:500] + bytes([whole[500] ^ 1]) + whole[501:],
    "zeros": lambda whole: b"\x00" * len(whole),
    "longer": lambda whole: whole + b"\x00",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_replaced(folder, damage):
    seen(folder)
    [file] = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    assert seen(folder) == SEEN
    assert file.read_bytes() == whole


def test_a_file_of_another_database_under_this_name_is_replaced(folder):
    seen(folder)
    [file] = folder.iterdir()
    whole = file.read_bytes()
    with kept_in(folder):
        Database([("zz", 0)])
    [other] = [one for one in folder.iterdir() if one != file]
    other.replace(file)

    assert seen(folder) == SEEN
    assert file.read_bytes() == whole


def test_a_file_that_others_could_write_is_not_trusted(folder):
    seen(folder)
    [file] = folder.iterdir()
    file.chmod(0o666)

    assert seen(folder) == SEEN
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")

    assert seen(tmp_path / "file" / "databases") == SEEN


def test_nothing_is_left_beside_what_is_kept(folder):
    folder.mkdir(parents=True)
    seen(folder)

    assert len(list(folder.iterdir())) == 1


def test_outside_nothing_is_kept(folder):
    seen(folder)
    Database([("ab", 0)])

    assert len(list(folder.iterdir())) == 1
