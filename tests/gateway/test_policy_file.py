"""What a policy file may say, and how one that says something else is refused."""

import pytest

from gateway.errors import SettingsError
from gateway.policy import load_policy
from gateway.policy_file import read_policy
from schemas.access import Action
from schemas.category import EVERYTHING, by_code, categories, mask_of

ABOUT = """
[policy]
tenant = "acme"
version = "7"
effective_from = 2026-11-22
controller = "acme.example"
document = "Acme Privacy Policy"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
"""
BLOCKS = """
[roles.reader]
src = ["L1"]
[roles.robot]
kind = "service"
src = ["L1"]
[purposes.work]
dpv = "dpv:ServiceProvision"
legal_basis = ["gdpr:A6-1-b"]
src = ["L2", "L4-L6"]
[groups.people]
categories = ["name", "user.contact"]
src = ["L3"]
"""


def lines(**changes: str) -> str:
    keys = {
        "roles": '["reader"]',
        "purposes": '["work"]',
        "categories": '["email"]',
        "action": '"allow"',
        "src": '["L3"]',
    } | changes
    return "[[matrix]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


@pytest.fixture
def read(tmp_path):
    def read(*parts: str):
        path = tmp_path / "acme.toml"
        path.write_text("".join(parts), "utf-8")
        return read_policy(path)

    return read


@pytest.fixture
def refused(read):
    def refused(*parts: str) -> tuple[str, ...]:
        with pytest.raises(SettingsError) as caught:
            read(*parts)
        return caught.value.problems

    return refused


def test_a_line_is_resolved_to_names_and_a_mask(read):
    found = read(ABOUT, BLOCKS, lines(id='"mail"', action='"mask"', free_text='"withhold"'))
    (one,) = found.lines
    assert (one.uid, one.roles, one.purposes) == ("mail", {"reader"}, {"work"})
    assert (one.mask, one.action, one.withhold) == (mask_of(["email"]), Action.MASK, True)


def test_a_line_without_an_id_is_called_after_its_source(read):
    assert read(ABOUT, BLOCKS, lines(src='["L3", "L5-L7"]')).lines[0].uid == "L3+L5-L7"


def test_a_star_is_everybody_everything_and_every_purpose(read):
    found = read(ABOUT, BLOCKS, lines(roles='["*"]', purposes='["*"]', categories='["*"]'))
    assert found.lines[0].roles == {"reader", "robot"}
    assert found.lines[0].purposes == {"work"}
    assert found.lines[0].mask == EVERYTHING


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("email", ["email"]),
        ("people", ["name", "email", "phone", "postal_address", "company"]),
        ("user.account", ["username"]),
        ("user.financial", ["payment_card", "bank_account", "billing", "financial_status"]),
        ("user.behavior.purchase_history", ["purchase_history"]),
        ("user.biometric.voice", ["call_audio"]),
    ],
)
def test_a_selector_is_a_code_a_group_or_a_fideslang_prefix(read, selector, codes):
    found = read(ABOUT, BLOCKS, lines(categories=f'["{selector}"]'))
    assert found.lines[0].mask == mask_of(codes)


@pytest.mark.parametrize("selector", ["emial", "user.cont", "contact.email", "People", ""])
def test_a_selector_that_matches_nothing_is_refused_with_what_there_is(refused, selector):
    (problem,) = refused(ABOUT, BLOCKS, lines(id='"x"', categories=f'["name", "{selector}"]'))
    assert problem.startswith(f"[[matrix]] 'x' categories: {selector!r} matches no category; ")
    assert "a group (people)" in problem
    assert "name, email, phone" in problem


def test_biometric_alone_is_refused_because_calls_hide_in_it(refused):
    (problem,) = refused(ABOUT, BLOCKS, lines(categories='["user.biometric"]'))
    assert "takes call recordings in; write biometric_template, call_audio or both" in problem


def test_confidence_is_a_half_where_no_group_says_otherwise(read):
    group = '[groups.{}]\ncategories = {}\nmin_confidence = {}\nsrc = ["L3"]\n'
    found = read(
        ABOUT,
        BLOCKS,
        group.format("sure", '["email", "phone"]', 0.9),
        group.format("wary", '["phone"]', 0.2),
    )
    said = {"email": 0.9, "phone": 0.2}  # where two speak, the one that finds more
    assert found.thresholds == tuple(said.get(one.code, 0.5) for one in categories())


def test_every_problem_is_told_at_once(refused):
    problems = refused(
        ABOUT.replace('version = "7"', "version = 7"),
        BLOCKS.replace("gdpr:A6-1-b", "because"),
        lines(roles='["reader", "guest"]', purposes='["fun"]'),
        lines(action='"anonymise"'),
        "[transfers]\n",
    )
    assert [problem.partition(";")[0].partition(" - ")[0] for problem in problems] == [
        "[transfers] is not known",
        "[policy] version: expected `str`, got `int`",
        "[purposes.work] legal_basis: 'because' is not known",
        "[[matrix]] number 1 roles: 'guest' is not declared",
        "[[matrix]] number 1 purposes: 'fun' is not declared",
        f"[[matrix]] number 2 action: must be one of {', '.join(a.name.lower() for a in Action)}",
    ]


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("[guards]\n", "[guards] is not known; known: policy, roles, purposes, groups, matrix, "),
        ("[roles]\nx = 1\n", "[roles.x]: must be a table"),
        ('[roles.X]\nsrc = ["L1"]\n', "[roles.X]: a name is of small letters, digits and _"),
        ("[roles.x]\n", "[roles.x] src: missing"),
        ("[roles.x]\nsrc = []\n", "[roles.x] src: expected `array` of length >= 1"),
        ('[roles.x]\nsrc = ["12"]\n', "[roles.x] src: expected `str` matching regex '^L[1-9]"),
        (
            '[roles.x]\nsrc = ["L1"]\nkind = "admin"\n',
            "[roles.x] kind: must be one of user, service",
        ),
        ('[roles.x]\nsrc = ["L1"]\nmfa = true\n', "[roles.x] mfa: not known; known: src, kind, "),
        ('[groups.x]\nsrc = ["L1"]\n', "[groups.x] categories: missing"),
        (
            '[groups.email]\nsrc = ["L1"]\ncategories = ["name"]\n',
            "[groups.email]: a category has this code; take another name",
        ),
        (
            '[groups.x]\nsrc = ["L1"]\ncategories = ["people"]\n',
            "[groups.x] categories: 'people' matches no category; write a fideslang prefix",
        ),
        (
            '[groups.x]\nsrc = ["L1"]\ncategories = ["name"]\nmin_confidence = 2.0\n',
            "[groups.x] min_confidence: expected `float` <= 1.0",
        ),
        ("[purposes.x]\n", "[purposes.x] legal_basis: missing"),
        (
            '[purposes.x]\ndpv = "dpv:Marketing"\nlegal_basis = []\nsrc = ["L1"]\n',
            "[purposes.x] legal_basis: empty; without one nobody may read: gdpr:A6-1-a to -f",
        ),
        (
            '[purposes.x]\ndpv = "dpv:SellDataToThirdParties"\nlegal_basis = []\nsrc = ["L1"]\n',
            "[purposes.x] dpv: dpv:SellDataToThirdParties can't be granted here",
        ),
        (
            '[recipients.x]\nsafeguard = "privacy_shield"\nsrc = ["L1"]\n',
            "[recipients.x] safeguard: 'privacy_shield' is no safeguard since the CJEU's C-311/18",
        ),
        (
            '[recipients.x]\nsafeguard = "trust"\nsrc = ["L1"]\n',
            "[recipients.x] safeguard: 'trust' is not known; known: adequacy",
        ),
        (
            '[recipients.none]\nsafeguard = "scc"\nsrc = ["L1"]\n',
            "[recipients.none]: 'none' means that data stays in the house; take another name",
        ),
        (lines(roles="[]"), "[[matrix]] number 1 roles: expected `array` of length >= 1"),
        (lines(role='["reader"]'), "[[matrix]] number 1 role: not known; known: src, roles, "),
        (lines(id='"a"') + lines(id='"a"'), "[[matrix]] 'a': another line has this id"),
        ("[matrix]\nx = 1\n", "[[matrix]] must be a list of tables"),
    ],
)
def test_a_problem_says_where_it_is_and_what_would_be_right(refused, extra, problem):
    assert any(found.startswith(problem) for found in refused(ABOUT, BLOCKS, extra))


def test_a_broken_role_or_group_is_no_fault_of_the_lines_that_use_it(refused):
    broken = '[roles.x]\n[groups.y]\nsrc = ["L1"]\n'
    problems = refused(ABOUT, BLOCKS, broken, lines(roles='["x"]', categories='["y"]'))
    assert problems == ("[roles.x] src: missing", "[groups.y] categories: missing")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "no such file; in its place builtin:NAME names a policy that ships with"),
        (b"\xff", "cannot be read as UTF-8 text (UnicodeDecodeError)"),
        (b"[roles\n", "not TOML: "),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path, content, problem):
    path = tmp_path / "acme.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_policy(path)
    assert caught.value.problems[0].startswith(problem)
    assert caught.value.exit_code == 2


def test_an_empty_file_misses_what_a_policy_must_say(refused):
    assert refused("") == (
        "[policy] tenant: missing",
        "[policy] version: missing",
        "[policy] effective_from: missing",
        "[policy] controller: missing",
        "[policy] document: missing",
        "[policy] sha256: missing",
    )


def test_a_policy_without_lines_denies_everybody(tmp_path):
    path = tmp_path / "acme.toml"
    path.write_text(ABOUT + BLOCKS, "utf-8")
    decision = load_policy(path).cell("reader", "work").decide(by_code()["email"].mask)
    assert decision.action == Action.DENY
