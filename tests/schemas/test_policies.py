"""What the policies that ship with the package promise, and where in the privacy policy it stands."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from gateway.corpus.systems import SYSTEMS
from gateway.policy import Policy, load_policy
from gateway.settings_file import builtin_policies
from schemas.access import Action
from schemas.category import DIRECT_IDENTIFIERS, SPECIAL, by_code, categories, mask_of

TENANTS = [system.tenant for system in SYSTEMS]
# line → what it says, checked against the privacy policies with the checksums that the files name
CITED = tomllib.loads(Path(__file__).with_name("cited.toml").read_text("utf-8"))
DEMO = [
    ("sales_rep", "crm"),
    ("data_scientist", "analytics"),
    ("ml_training_svc", "ai_training"),
    ("support_agent", "support"),
    ("campaign_svc", "campaign"),
]


@pytest.fixture(params=TENANTS)
def tenant(request):
    return request.param


@pytest.fixture
def pack(tenant) -> Policy:
    return load_policy(builtin_policies()[tenant])


@pytest.fixture(scope="module")
def smiloai() -> Policy:
    return load_policy(builtin_policies()["smiloai"])


def cells(pack: Policy):
    return [pack.cell(role, purpose) for role in pack.text.roles for purpose in pack.text.purposes]


def cited(found):
    """Return the lines that any block of a file cites."""
    if isinstance(found, list):
        return {line for each in found for line in cited(each)}
    if not isinstance(found, dict):
        return set()
    own = {
        f"L{number}"
        for source in found.get("src", ())
        for ends in [re.findall(r"\d+", source)]
        for number in range(int(ends[0]), int(ends[-1]) + 1)
    }
    return own | cited(list(found.values()))


def sees(pack: Policy, role: str, purpose: str, *codes: str):
    actions = pack.cell(role, purpose).actions
    return [Action(actions[by_code()[code].bit]).name.lower() for code in codes]


def test_every_system_has_a_policy_and_nobody_else():
    assert sorted(builtin_policies()) == sorted(TENANTS)


def test_a_pack_is_named_for_its_tenant(tenant, pack):
    assert pack.tenant == tenant
    assert pack.controller_uid == tenant


def test_every_cited_line_has_been_read_and_no_other(tenant):
    text = builtin_policies()[tenant].read_text("utf-8")
    assert cited(tomllib.loads(text)) == set(CITED[tenant])


def test_every_line_of_a_matrix_has_a_name_of_its_own(pack):
    assert [line.uid for line in pack.text.lines if line.uid.startswith("L")] == []


def test_every_role_and_purpose_with_a_grant_is_in_the_matrix_by_name(pack):
    granted = [cell for cell in cells(pack) if cell.refusal is None]
    assert len(granted) >= 2
    assert all(cell.legal_basis and cell.rule_uid for cell in granted)


def test_nobody_reads_a_secret(pack):
    secrets = mask_of(["password", "access_token"])
    assert all(cell.decide(secrets).denied == secrets for cell in cells(pack))


def test_training_and_statistics_show_nobody(pack):
    anonymous = [p for p, what in pack.text.purposes.items() if what.require == "anonymised"]
    for role in pack.text.roles:
        for purpose in anonymous:
            cell = pack.cell(role, purpose)
            assert cell.decide(DIRECT_IDENTIFIERS).clear == 0
            assert cell.withhold_free_text


@pytest.mark.parametrize("tenant", ["smartcall", "smartsale", "smartsmm", "smartclosr"])
def test_special_categories_are_withheld_where_the_policy_speaks_of_none(pack):
    assert all(cell.decide(SPECIAL).denied == SPECIAL for cell in cells(pack))


def test_everybody_sees_something_else(pack):
    granted = [cell for cell in cells(pack) if cell.refusal is None]
    seen = {tuple(cell.actions): cell for cell in granted}
    shared = {"smartsale": 1}.get(pack.tenant, 0)  # a manager sees what a team member sees
    assert len(seen) == len(granted) - shared


PERSON = ("name", "email", "phone", "payment_card", "email_engagement", "call_transcript")


@pytest.mark.parametrize(
    ("role", "purpose", "expected"),
    [
        ("sales_rep", "crm", "allow allow allow mask allow deny"),
        ("support_agent", "support", "allow allow allow mask deny allow"),
        ("campaign_svc", "campaign", "allow allow deny deny tokenize deny"),
        (
            "data_scientist",
            "analytics",
            "pseudonymise pseudonymise pseudonymise deny tokenize deny",
        ),
        ("ml_training_svc", "ai_training", "drop drop drop drop generalise generalise"),
        ("lead_scoring_svc", "scoring", "deny deny deny deny tokenize deny"),
        ("finance", "billing", "allow allow allow allow deny deny"),
        ("dpo", "legal", "allow allow allow allow allow allow"),
    ],
)
def test_smiloai_shows_each_role_what_its_work_needs(smiloai, role, purpose, expected):
    assert sees(smiloai, role, purpose, *PERSON) == expected.split()


def test_smiloai_grants_nothing_beyond_these_eight(smiloai):
    assert len([cell for cell in cells(smiloai) if cell.refusal is None]) == 8


def test_smiloai_shows_five_readers_five_views(smiloai):
    mask = mask_of(PERSON)
    shares = [smiloai.cell(*who).decide(mask).share for who in DEMO]
    assert all(one != other for one, other in combinations(shares, 2))


@pytest.mark.parametrize("who", [*DEMO, ("finance", "billing")])
def test_smiloai_withholds_what_is_sensitive_and_what_nobody_asked_for(smiloai, who):
    codes = ["health", "financial_status", "biometric_template", "location_precise"]
    mask = mask_of([*codes, "government_id", "birth_date", "ip_address"])
    assert smiloai.cell(*who).decide(mask).denied == mask


def test_smiloai_takes_a_call_for_no_biometric_template(smiloai):
    assert sees(smiloai, "support_agent", "support", "call_audio", "biometric_template") == [
        "allow",
        "deny",
    ]


@pytest.mark.parametrize(
    ("recipient", "safeguard"),
    [("sendgrid", "gdpr:A46-2-c"), ("google", "gdpr:A45-3"), ("none", ""), ("openai", "")],
)
def test_smiloai_says_what_protects_data_abroad(smiloai, recipient, safeguard):
    assert smiloai.safeguard(recipient) == safeguard


def test_smartcall_refuses_what_its_services_must_not_process():
    pack = load_policy(builtin_policies()["smartcall"])
    answer = pack.explain("call_operator", "calls", "payment_card")
    assert [line.uid for line in answer.decided] == ["restricted"]


def test_thresholds_cover_every_category(pack):
    assert pack.thresholds == (0.5,) * len(categories())
