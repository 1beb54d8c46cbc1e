"""What every file of the house must look like."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_MODULE, LONGEST_FUNCTION = 400, 50
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "bench",
    "detectors",
    "gateway",
    "k8s",
    "pyproject.toml",
    "requirements.lock",
    "schemas",
    "tests",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files that are, or would be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return tuple(sorted(path for path in paths if path.is_file()))


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_no_module_is_longer_than_a_person_reads():
    lengths = {str(path.relative_to(ROOT)): path.read_bytes().count(b"\n") for path in modules()}
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen():
    too_long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in modules()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_every_module_is_named_for_what_it_keeps():
    parts = {part for path in modules() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & EMPTY_NAMES == set()


def test_every_module_of_the_product_says_what_it_is_for():
    product = [p for p in modules() if p.relative_to(ROOT).parts[0] not in {"tests", "k8s"}]
    silent = [path for path in product if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_the_top_level_has_nothing_without_a_reason():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP_LEVEL == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "/(" + "|".join(["work", "root", "Users", "home"]) + ")/[a-z]",  # a machine's own folders
        "(" + "|".join(["index", "registry", "files"]) + r")[.-][a-z.-]*(python|pypi|npm)[a-z.]*",
        "/".join([r"pypi\.(org|python)", ""]),
        "artifact" + "(ory|s)" + r"\.[a-z]",
        "--(extra-)?" + "index-url" + " +http",
    ],
)
def test_no_file_names_a_folder_of_a_machine_or_a_registry(pattern):
    forbidden = re.compile(pattern.encode())
    here = Path(__file__)
    found = [path for path in tracked() if path != here and forbidden.search(path.read_bytes())]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "bench/rivals.lock"])
def test_everything_locked_is_pinned_and_hashed(lock):
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) > 50
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
