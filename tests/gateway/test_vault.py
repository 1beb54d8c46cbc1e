"""The identity vault: one reference a person, whatever comes between, whoever asks, whoever dies."""

import itertools
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import VaultError
from gateway.vault import Subject, Vault


def index(name: str) -> bytes:
    return name.encode().rjust(16, b".")


def person(*names: str) -> tuple[tuple[str, bytes], ...]:
    return tuple((name.split(":")[0], index(name)) for name in names)


def counting():
    numbers = itertools.count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def ref(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.fixture
def vault():
    vault = Vault.open(":memory:", random_bytes=counting())
    yield vault
    vault.close()


def test_a_new_person_gets_a_reference_and_keeps_it(vault):
    assert vault.resolve("acme", [person("crm:1", "email:a")]) == [ref(1)]
    assert vault.resolve("acme", [person("crm:1", "email:a")]) == [ref(1)]
    assert vault.count() == 1


def test_every_identifier_of_a_person_leads_to_the_same_reference(vault):
    vault.resolve("acme", [person("crm:1", "email:a", "phone:5")])
    assert vault.resolve("acme", [person("phone:5"), person("email:a")]) == [ref(1), ref(1)]
    assert vault.lookup("acme", index("phone:5")) == ref(1)


def test_an_unknown_stronger_identifier_joins_the_person_whom_a_weaker_one_knows(vault):
    vault.resolve("acme", [person("email:a")])
    assert vault.resolve("acme", [person("crm:1", "email:a")]) == [ref(1)]
    assert vault.resolve("acme", [person("crm:1")]) == [ref(1)]


def test_the_strongest_known_identifier_decides_and_no_alias_ever_changes(vault):
    vault.resolve("acme", [person("crm:1"), person("email:a")])
    assert vault.resolve("acme", [person("crm:1", "email:a")]) == [ref(1)]
    assert vault.resolve("acme", [person("email:a")]) == [ref(2)]


def test_the_same_person_twice_in_a_batch_is_one(vault):
    batch = [person("crm:1"), person("crm:1", "email:a"), person("email:a")]
    assert vault.resolve("acme", batch) == [ref(1), ref(1), ref(1)]
    assert vault.count() == 1


def test_tenants_do_not_share_people(vault):
    assert vault.resolve("acme", [person("email:a")]) != vault.resolve("bcme", [person("email:a")])
    assert vault.lookup("ccme", index("email:a")) is None


def test_an_empty_batch_is_answered(vault):
    assert vault.resolve("acme", []) == []


@pytest.mark.parametrize("batch", [[()], [person("crm:1"), ()]])
def test_a_subject_without_identifiers_is_refused_and_nothing_is_stored(vault, batch):
    with pytest.raises(ValueError, match="at least one identifier"):
        vault.resolve("acme", batch)
    assert vault.count() == 0


def test_references_are_random_by_default():
    vault = Vault.open(":memory:")
    refs = vault.resolve("acme", [person(f"crm:{n}") for n in range(100)])
    assert len(set(refs)) == 100
    assert {len(one) for one in refs} == {16}
    vault.close()


def test_people_beyond_the_memory_are_still_known():
    vault = Vault.open(":memory:", cached=10)
    people = [person(f"crm:{n}", f"email:{n}") for n in range(1200)]
    first = vault.resolve("acme", people)
    assert vault.resolve("acme", people) == first
    assert [vault.resolve("acme", [one])[0] for one in people[::7]] == first[::7]
    vault.close()


def test_a_reopened_vault_knows_everybody(tmp_path):
    vault = Vault.open(tmp_path / "vault.sqlite")
    refs = vault.resolve("acme", [person("crm:1"), person("crm:2")])
    vault.close()
    vault = Vault.open(tmp_path / "vault.sqlite")
    assert vault.resolve("acme", [person("crm:1"), person("crm:2")]) == refs
    assert vault.count() == 2
    vault.close()


def test_only_the_owner_may_read_a_vault(tmp_path):
    vault = Vault.open(tmp_path / "vault.sqlite")
    vault.resolve("acme", [person("crm:1")])
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o600}
    vault.close()


def test_the_log_is_ahead_and_synchronous(tmp_path):
    vault = Vault.open(tmp_path / "vault.sqlite")
    assert vault._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert vault._db.execute("PRAGMA synchronous").fetchone() == (2,)
    vault.close()


def test_it_may_be_used_in_another_thread_than_it_was_opened_in(vault):
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(vault.resolve, "acme", [person("crm:1")]).result() == [ref(1)]


class TestTwoProcesses:
    """Two vaults on one file stand for two processes; SQLite locks between connections."""

    @pytest.fixture
    def pair(self, tmp_path):
        path = tmp_path / "vault.sqlite"
        pair = Vault.open(path), Vault.open(path, busy_seconds=0.1)
        yield pair
        for vault in pair:
            vault.close()

    def test_they_agree(self, pair):
        one, two = pair
        refs = one.resolve("acme", [person("crm:1", "email:a")])
        assert two.resolve("acme", [person("email:a")]) == refs

    def test_known_people_are_resolved_while_the_other_writes(self, pair):
        one, two = pair
        known = two.resolve("acme", [person("crm:1")])
        one._db.execute("BEGIN IMMEDIATE")
        assert two.resolve("acme", [person("crm:1")]) == known
        assert one.resolve("acme", [person("crm:1")]) == known
        one._db.execute("ROLLBACK")

    def test_people_known_to_the_file_only_are_resolved_while_the_other_writes(self, pair):
        one, two = pair
        known = one.resolve("acme", [person("crm:1")])
        one._db.execute("BEGIN IMMEDIATE")
        assert two.resolve("acme", [person("crm:1")]) == known
        one._db.execute("ROLLBACK")

    def test_a_batch_with_nothing_new_changes_nothing(self, pair, tmp_path):
        one, two = pair
        one.resolve("acme", [person("crm:1")])
        before = one._db.execute("PRAGMA data_version").fetchone()
        two.resolve("acme", [person("crm:1")])
        assert one._db.execute("PRAGMA data_version").fetchone() == before

    def test_new_people_wait_for_the_other_and_fail_when_it_takes_too_long(self, pair):
        one, two = pair
        one._db.execute("BEGIN IMMEDIATE")
        with pytest.raises(VaultError, match="database is locked"):
            two.resolve("acme", [person("crm:1")])
        one._db.execute("ROLLBACK")
        assert two.lookup("acme", index("crm:1")) is None
        assert len(two.resolve("acme", [person("crm:1")])) == 1


# Few names, so that people share identifiers, split and meet again.
identifiers = st.sampled_from([f"{kind}:{n}" for kind in ("crm", "email", "phone") for n in "1234"])
subjects = st.lists(identifiers, min_size=1, max_size=3).map(lambda names: person(*names))
batches = st.lists(subjects, min_size=1, max_size=5)
histories = st.lists(st.tuples(st.integers(0, 1), batches), min_size=1, max_size=12)


class Rule:
    """The rule of the vault, said as plainly as can be."""

    def __init__(self):
        self.aliases = {}
        self.new = itertools.count()

    def resolve(self, subject):
        known = [self.aliases[name] for _, name in subject if name in self.aliases]
        ref = known[0] if known else next(self.new)
        for _, name in subject:
            self.aliases.setdefault(name, ref)
        return ref


@settings(max_examples=60, deadline=None)
@given(history=histories, cached=st.sampled_from([2, 1000]))
def test_a_replay_of_any_event_gives_the_same_reference_whoever_processes_it(
    tmp_path_factory, history, cached
):
    path = tmp_path_factory.mktemp("vault") / "vault.sqlite"
    vaults = Vault.open(path, cached=cached), Vault.open(path, cached=cached)
    rule = Rule()
    seen: list[tuple[Subject, bytes, bytes]] = []
    for who, batch in history:
        refs = vaults[who].resolve("acme", batch)
        seen += zip(batch, refs, [rule.resolve(subject) for subject in batch], strict=True)
    for subject, given_ref, _ in seen:
        assert [vault.resolve("acme", [subject]) for vault in vaults] == [[given_ref]] * 2
    # The references are those of the rule: equal where it says equal, different elsewhere.
    pairs = {(given_ref, number) for _, given_ref, number in seen}
    assert len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs})
    for vault in vaults:
        vault.close()


WRITER = """
import sys
from gateway.vault import Vault

vault = Vault.open(sys.argv[1])
worker, batches = sys.argv[2], int(sys.argv[3])
for batch in range(batches):
    names = [f"{batch * 20 + n}".encode().rjust(16, b".") for n in range(20)]
    own = [f"{worker}-{batch * 20 + n}".encode().rjust(16, b".") for n in range(20)]
    people = [(("crm", a), ("email", b)) for a, b in zip(names, own)]
    for (kind, name), given in zip([p[0] for p in people], vault.resolve("acme", people)):
        sys.stdout.write(name.hex() + " " + given.hex() + "\\n")
    sys.stdout.flush()
"""


def start(path: Path, worker: str, batches: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", WRITER, str(path), worker, str(batches)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_processes_that_open_one_new_vault_together_agree_on_everybody(tmp_path):
    path = tmp_path / "vault.sqlite"
    processes = [start(path, worker, 10) for worker in "abcd"]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len(set(outputs)) == 1
    vault = Vault.open(path)
    assert vault.count() == 200
    vault.close()


def test_what_was_returned_before_a_kill_is_still_true_after_it(tmp_path):
    path = tmp_path / "vault.sqlite"
    told: dict[str, str] = {}
    for lines in (1, 90, 250):
        process = start(path, "a", 1_000_000)
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(lines)]
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        for line in [*heard, *rest]:
            if line.endswith("\n"):
                name, given_ref = line.split()
                assert told.setdefault(name, given_ref) == given_ref
    vault = Vault.open(path)
    assert len(told) >= 250
    for name, given_ref in told.items():
        assert vault.lookup("acme", bytes.fromhex(name)) == bytes.fromhex(given_ref)
    vault.close()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "notes").write_text("this is not a database, but long enough to be asked" * 20)
    with pytest.raises(VaultError, match=r"notes: file is not a database"):
        Vault.open(tmp_path / "notes")


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path):
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE song (name TEXT)")
    other.close()
    with pytest.raises(VaultError, match=r"other\.sqlite is not an identity vault of format 1"):
        Vault.open(tmp_path / "other.sqlite")
    other = sqlite3.connect(tmp_path / "other.sqlite")
    assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("song",)]
    other.close()


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(VaultError, match=r"nowhere/vault\.sqlite: No such file or directory"):
        Vault.open(tmp_path / "nowhere" / "vault.sqlite")


def test_a_closed_vault_says_so_and_a_retry_may_help():
    vault = Vault.open(":memory:")
    vault.close()
    with pytest.raises(VaultError, match="closed") as caught:
        vault.resolve("acme", [person("crm:1")])
    assert caught.value.retriable
