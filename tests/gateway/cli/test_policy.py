"""The commands of a policy: what people read, what programs read, and what is refused."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli import main

SETTINGS = """
[transport]
kind = "files"
[[input]]
name = "events"
tenant = "smiloai"
path = "events.jsonl"
[policy]
smiloai = "builtin:smiloai"
{more}
[keys]
smiloai = "smiloai.key"
"""
TRAINER = ("--role", "ml_training_svc", "--purpose", "ai_training")


def run(*arguments, width="100"):
    return CliRunner(env={"COLUMNS": width}).invoke(main, ["policy", *map(str, arguments)])


def told(*arguments, **options):
    result = run(*arguments, **options)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def settings(tmp_path):
    def settings(more=""):
        path = tmp_path / "sluicegate.toml"
        path.write_text(SETTINGS.format(more=more), "utf-8")
        return path

    return settings


class TestShow:
    def test_a_table_says_who_sees_which_group_in_which_form(self):
        lines = told("show", "--policy", "builtin:smiloai").splitlines()
        assert lines[0].rstrip() == "smiloai 2026.11.1, from 2026-11-22: SmiloAI Privacy Policy"
        start = next(n for n, line in enumerate(lines) if "campaign_svc" in line)
        assert [" ".join(line.split()) for line in lines[start : start + 2]] == [
            "campaign_svc campaign contact allow: name, email, record_id",
            "engagement tokenize",
        ]

    def test_what_a_purpose_requires_stands_below_it(self):
        text = " ".join(told("show", "--policy", "builtin:smartcall").split())
        assert "ml_training_svc ai_training call generalise: call_metadata" in text
        assert "anonymised free text withheld" in text

    def test_the_rest_is_counted(self):
        text = " ".join(told("show", "--policy", "builtin:smiloai").split())
        assert "64 of 72 pairs of role and purpose are granted nothing" in text
        assert "secrets" not in text

    def test_json_has_every_cell_and_category(self):
        (one,) = json.loads(told("show", "--policy", "builtin:smiloai", "--json"))["policies"]
        assert (one["tenant"], one["version"], len(one["cells"])) == ("smiloai", "2026.11.1", 72)
        (cell,) = [c for c in one["cells"] if (c["role"], c["purpose"]) == ("sales_rep", "crm")]
        assert cell["actions"]["payment_card"] == "mask"
        assert cell["actions"]["health"] == "deny"
        assert cell["refusal"] is None
        assert cell["rule_uid"] == "sales+sales-money+secrets+special"

    def test_the_settings_name_the_policies(self, settings):
        path = settings()
        shown = json.loads(told("show", "--settings", path, "--json"))["policies"]
        assert [one["tenant"] for one in shown] == ["smiloai"]


class TestExplain:
    def test_it_names_the_lines_that_decided_and_where_they_stand(self):
        text = told("explain", "--policy", "builtin:smiloai", *TRAINER, "--category", "call_audio")
        assert text.splitlines() == [
            "ml_training_svc, ai_training: call_audio → redact",
            "  decided by    ai-training: generalise (L82, L83)",
            "  tightened by  the purpose: anonymised",
            "  purpose       ext:AITraining, gdpr:A6-1-f, m.5/2-f (L82, L86)",
            "L numbers are lines of: SmiloAI Privacy Policy",
        ]

    def test_it_names_the_lines_that_a_stricter_one_beat(self):
        text = told(
            *("explain", "--policy", "builtin:smiloai", "--role", "sales_rep"),
            *("--purpose", "crm", "--category", "financial_status"),
        )
        assert "decided by    special: deny (L172-L176)" in text
        assert "overruled     sales-money: mask (L11, L135)" in text

    @pytest.mark.parametrize(
        ("role", "purpose", "said"),
        [
            ("guest", "crm", "role_not_configured. Known roles: sales_rep, support_agent, "),
            ("sales_rep", "fun", "purpose_not_configured. Known purposes: crm, campaign, "),
            ("sales_rep", "legal", "role_not_permitted. No line grants this role anything"),
        ],
    )
    def test_a_denied_event_is_explained_too(self, role, purpose, said):
        text = told(
            *("explain", "--policy", "builtin:smiloai", "--role", role, "--purpose", purpose),
            *("--category", "email"),
        )
        assert "no line grants it, and what is not granted is denied" in text
        assert f"The whole event is denied: {said}" in text

    def test_json_says_the_same(self):
        options = ("--category", "password", "--json")
        found = json.loads(told("explain", "--policy", "builtin:smiloai", *TRAINER, *options))
        assert found == {
            "tenant": "smiloai",
            "version": "2026.11.1",
            "role": "ml_training_svc",
            "purpose": "ai_training",
            "category": "password",
            "action": "drop",
            "refusal": None,
            "decided": [{"id": "secrets", "action": "drop", "src": ["L10"]}],
            "required": "",
            "overruled": [],
            "legal_basis": ["gdpr:A6-1-f"],
            "purpose_src": ["L82", "L86"],
        }

    def test_an_unknown_category_is_refused_with_the_known_ones(self):
        result = run("explain", "--policy", "builtin:smiloai", *TRAINER, "--category", "mail")
        assert result.exit_code == 2
        assert "no category is called 'mail'; known: name, email, phone" in result.stderr

    def test_settings_with_two_policies_need_a_tenant(self, settings):
        more = 'smartcall = "builtin:smartcall"'
        path = settings(more)
        arguments = ("explain", "--settings", path, *TRAINER, "--category", "call_audio")
        result = run(*arguments)
        assert result.exit_code == 2
        assert "--tenant is needed; the settings have policies of smiloai, smartcall" in (
            result.stderr
        )
        assert "→ deny" in told(*arguments, "--tenant", "smartcall")


class TestCheck:
    def test_a_good_policy_is_counted(self):
        assert told("check", "builtin:smartsale").endswith(
            "no problems; smartsale 2026.11.1: 3 roles, 2 purposes, 3 lines of the matrix\n"
        )

    def test_every_problem_of_a_bad_one_is_told(self, tmp_path):
        path = tmp_path / "acme.toml"
        path.write_text('[policy]\ntenant = "acme"\n[guards]\n[roles.x]\n', "utf-8")
        result = run("check", path)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"sluicegate: {path}: 7 problems\n")
        assert "[guards] is not known" in result.stderr
        assert "[roles.x] src: missing" in result.stderr


class TestChoice:
    def test_a_builtin_that_does_not_exist_is_refused_with_those_that_do(self):
        result = run("check", "builtin:acme")
        assert result.exit_code == 2
        assert "known: builtin:smartcall, builtin:smartclosr" in result.stderr

    def test_a_tenant_chooses_from_the_settings_only(self):
        result = run("show", "--policy", "builtin:smiloai", "--tenant", "smiloai")
        assert result.exit_code == 2
        assert "--tenant chooses from the settings; --policy names one policy" in result.stderr

    def test_a_tenant_that_the_settings_do_not_know_is_refused(self, settings):
        result = run("show", "--settings", settings(), "--tenant", "acme")
        assert result.exit_code == 2
        assert "[policy] has nothing for tenant 'acme'; known: smiloai" in result.stderr
