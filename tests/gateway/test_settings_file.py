from pathlib import Path

import pytest

from gateway.config import Settings
from gateway.errors import SettingsError
from gateway.settings_file import load_settings
from schemas.access import Subscription

KAFKA = """
[transport]
kind = "kafka"
bootstrap = "broker:9092"

[[input]]
name = "crm"
tenant = "acme"
topic = "crm.events"

[[subscription]]
name = "sales"
inputs = ["crm"]
principal = "svc-sales"
role = "sales"
purpose = "direct-marketing"

[policy]
acme = "acme.toml"

[keys]
acme = "acme.key"
"""


def load(folder: Path, text: str = KAFKA, environ: dict[str, str] | None = None) -> Settings:
    (folder / "acme.toml").touch()
    path = folder / "sluicegate.toml"
    path.write_text(text, "utf-8")
    return load_settings(path, environ)


def problems(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(folder, text, environ)
    return caught.value.problems


def test_a_small_file_is_enough_and_the_rest_has_defaults(tmp_path):
    settings = load(tmp_path)
    assert settings.transport.bootstrap == "broker:9092"
    assert settings.transport.batch_milliseconds == 50
    assert settings.inputs[0].topic == "crm.events"
    assert settings.subscriptions == (
        Subscription("sales", ("crm",), "svc-sales", "sales", "direct-marketing"),
    )
    assert settings.policies == {"acme": tmp_path / "acme.toml"}
    assert settings.keys == {"acme": tmp_path / "acme.key"}
    assert settings.lake.path == "lake"
    assert settings.telemetry.prometheus_port == 0


def test_paths_start_at_the_settings_file_and_not_at_the_working_directory(tmp_path):
    assert load(tmp_path).at("lake") == tmp_path / "lake"


def test_the_environment_overrides_scalars_as_their_own_types(tmp_path):
    environ = {
        "SLUICEGATE_TRANSPORT_BOOTSTRAP": "other:9092",
        "SLUICEGATE_TRANSPORT_BATCH_RECORDS": "10",
        "SLUICEGATE_TRANSPORT_DRAIN_SECONDS": "2.5",
        "SLUICEGATE_LAKE_PATH": "/srv/lake",
        "SLUICEGATE_TEST_KAFKA": "not a setting",
    }
    settings = load(tmp_path, environ=environ)
    assert settings.transport.bootstrap == "other:9092"
    assert settings.transport.batch_records == 10
    assert settings.transport.drain_seconds == 2.5
    assert settings.at(settings.lake.path) == Path("/srv/lake")


def test_the_environment_alone_can_be_the_transport(tmp_path):
    text = KAFKA.replace('[transport]\nkind = "kafka"\nbootstrap = "broker:9092"\n', "")
    environ = {"SLUICEGATE_TRANSPORT_KIND": "kafka", "SLUICEGATE_TRANSPORT_BOOTSTRAP": "a:1"}
    assert load(tmp_path, text, environ).transport.bootstrap == "a:1"


def test_every_problem_of_file_and_environment_is_in_one_message(tmp_path):
    text = KAFKA.replace('bootstrap = "broker:9092"', 'batch_records = "many"\ncompresion = "lz4"')
    text = text.replace('topic = "crm.events"', 'topik = "crm.events"')
    text = text.replace('inputs = ["crm"]', 'inputs = ["crn"]')
    text = text.replace('role = "sales"\n', "")
    text += '[lakes]\npath = "x"\n[limits]\ndepth = 0\n'
    environ = {"SLUICEGATE_VAULT_PAHT": "x"}
    found = "\n".join(problems(tmp_path, text, environ))
    assert (
        "[lakes] is not known; known: transport, lake, vault, limits, detection, telemetry" in found
    )
    assert "SLUICEGATE_VAULT_PAHT: [vault] has no 'paht'; known: path" in found
    assert "[transport] batch_records: expected `int`, got `str`" in found
    assert "[transport] compresion: not known; known: kind, out, batch_lines" in found
    assert "[transport] bootstrap: missing" in found
    assert "[limits] depth: expected `int` >= 1" in found
    assert "[[input]] 'crm' topik: not known; known: name, tenant, topic" in found
    assert "[[input]] 'crm' topic: missing; [transport] is kafka" in found
    assert "[[subscription]] 'sales' role: missing" in found
    assert found.count("\n") == 8


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('kind = "kafka"', 'kind = "kafka!"', "[transport] kind: must be one of files, kafka"),
        ('kind = "kafka"', "", "[transport] kind: missing"),
        (
            'kind = "kafka"',
            'kind = "files"',
            "[[input]] 'crm' path: missing; [transport] is files",
        ),
        (
            'inputs = ["crm"]',
            'inputs = ["crn"]',
            "[[subscription]] 'sales' inputs: there is no input 'crn'; declared: crm",
        ),
        (
            'inputs = ["crm"]',
            "inputs = []",
            "[[subscription]] 'sales' inputs: empty; name at least one input",
        ),
        (
            'inputs = ["crm"]',
            'inputs = ["crm", "crm"]',
            "[[subscription]] 'sales' inputs: 'crm' stands there 2 times",
        ),
        (
            'principal = "svc-sales"',
            'principal = " "',
            "[[subscription]] 'sales' principal: empty; nobody reads without one",
        ),
        (
            'name = "sales"',
            'name = "Sales Team"',
            (
                "[[subscription]] 'Sales Team': not a name; lower-case letters, digits, '.', '_' and "
                "'-', a letter or digit first"
            ),
        ),
        (
            'topic = "crm.events"',
            'topic = "crm.events"\ntime_pointer = "time"',
            "[[input]] 'crm' time_pointer: 'time' is not a JSON pointer such as /meta/type",
        ),
        (
            'topic = "crm.events"',
            'topic = "crm.events"\ntenants = ["acme"]',
            (
                "[[input]] 'crm' tenants: needs tenant_pointer, which says where the event names its "
                "tenant"
            ),
        ),
        (
            'topic = "crm.events"',
            'topic = "sluicegate.audit"',
            "topic 'sluicegate.audit' would be audit_topic and input 'crm'; rename one",
        ),
        (
            "[policy]",
            '[[input]]\nname = "crm.filter"\ntenant = "acme"\ntopic = "other"\n[policy]',
            (
                "[[input]] 'crm.filter': what `sluicegate filter` records of 'crm' has this name; "
                "rename one"
            ),
        ),
        (
            'topic = "crm.events"',
            'topic = "crm.view.sales"',
            "topic 'crm.view.sales' would be view of 'sales' on 'crm' and input 'crm'; rename one",
        ),
        (
            'acme = "acme.toml"',
            'acme = "gone.toml"',
            "[policy] acme: 'gone.toml' is not a file; paths start at the settings file",
        ),
        (
            '[policy]\nacme = "acme.toml"\n',
            "",
            "[policy] acme: missing; an input is this tenant's, and no policy shows nothing",
        ),
        (
            'acme = "acme.key"',
            "",
            "[keys] acme: missing; `sluicegate keys new` makes a key file",
        ),
        (
            "[keys]",
            '[vault]\npath = "lake/vault.sqlite"\n[keys]',
            "[vault] path: lies in the lake; keep what identifies people away from the trail",
        ),
        (
            'bootstrap = "broker:9092"',
            'bootstrap = "broker:9092"\nsecurity_protocol = "SASL_SSL"',
            (
                "[transport] sasl_username and sasl_password: both are needed with SASL_SSL; "
                "SLUICEGATE_TRANSPORT_SASL_PASSWORD keeps the second out of the file"
            ),
        ),
        (
            'bootstrap = "broker:9092"',
            'bootstrap = "broker:9092"\ntls_ca_file = "ca.pem"',
            "[transport] tls_ca_file: 'ca.pem' is not a file; paths start at the settings file",
        ),
    ],
)
def test_a_mistake_is_reported_once_with_what_would_be_right(tmp_path, old, new, expected):
    assert problems(tmp_path, KAFKA.replace(old, new, 1)) == (expected,)


def test_a_category_that_is_not_registered_is_answered_with_those_that_are(tmp_path):
    text = KAFKA.replace('topic = "crm.events"', 'topic = "crm.events"\nkey_category = "mail"')
    (found,) = problems(tmp_path, text)
    assert found.startswith("[[input]] 'crm' key_category: 'mail' is not a category; known: ")
    assert "email" in found


def test_lists_of_values_are_read_and_an_entity_that_no_rule_finds_is_refused(tmp_path):
    listed = (
        '[detection]\ndomains = ["ours.example"]\n'
        'deny = [{ value = "Nightingale", entity = "PERSON" }, { value = " ", entity = "BIRD" }]\n'
    )
    assert problems(tmp_path, KAFKA + listed) == (
        "[detection] deny number 2 value: empty; it would be found everywhere",
        "[detection] deny number 2 entity: no rule finds 'BIRD'; `sluicegate rules list` has them all",
    )
    wrong = '[detection]\ndomains = ["*.x.com"]\ndeny = [{ value = "PERSON", entity = "Ayşe" }]\n'
    swapped, domain = problems(tmp_path, KAFKA + wrong)
    assert "Ayşe" not in swapped
    assert domain.startswith("[detection] domains: '*.x.com' is none; write x.com")
    settings = load(tmp_path, KAFKA + listed.replace('{ value = " ", entity = "BIRD" }', ""))
    assert settings.detection.domains == {"ours.example"}
    assert [one.value for one in settings.detection.deny] == ["Nightingale"]


def test_each_table_of_a_list_is_read_field_by_field(tmp_path):
    wrong = (
        '[detection]\ndeny = [{ value = 5, entity = "PERSON" }, { valu = "Nightingale", "Ayşe Demir" = "PERSON" }]\n'
        'recognizer = [{ kind = "bert", path = "." }, { kind = "spacy", path = 5 }]\n'
    )
    assert problems(tmp_path, KAFKA + wrong) == (
        "[detection] deny number 1 value: expected `str`, got `int`",
        "[detection] deny number 2 valu: not known; known: value, entity",
        "[detection] deny number 2 a key that is no name: not known; known: value, entity",
        "[detection] deny number 2 value: missing",
        "[detection] deny number 2 entity: missing",
        "[detection] recognizer number 1 kind: must be one of gliner, presidio, spacy",
        "[detection] recognizer number 2 path: expected `str`, got `int`",
    )


def test_a_model_that_is_not_there_is_refused_and_so_is_what_it_would_call_things(tmp_path):
    model = (
        '[[detection.recognizer]]\nkind = "spacy"\npath = "model"\ncategories = { X = "ship" }\n'
    )
    first, second = problems(tmp_path, KAFKA + model)
    where = "[detection] recognizer number 1"
    assert first == f"{where} path: 'model' does not exist; paths start at the settings file"
    assert second.startswith(f"{where} categories: X is 'ship', which is none; known: name, email")


def test_names_that_are_used_twice_are_refused(tmp_path):
    twice = KAFKA + '\n[[input]]\nname = "crm"\ntenant = "acme"\ntopic = "crm.other"\n'
    assert problems(tmp_path, twice) == (
        "[[input]] 'crm': the name is used 2 times; names must differ",
    )


def test_one_topic_in_two_inputs_is_refused(tmp_path):
    twice = KAFKA + '\n[[input]]\nname = "crm2"\ntenant = "acme"\ntopic = "crm.events"\n'
    found = problems(tmp_path, twice)
    assert "topic 'crm.events' belongs to 2 inputs; a topic has one" in found


def test_two_views_that_would_share_a_topic_are_refused(tmp_path):
    text = KAFKA + '\n[[input]]\nname = "crm.view.eu"\ntenant = "acme"\ntopic = "eu"\n'
    for name, source in (("x", "crm.view.eu"), ("eu.view.x", "crm")):
        text += (
            f'\n[[subscription]]\nname = "{name}"\ninputs = ["{source}"]\n'
            'principal = "p"\nrole = "r"\npurpose = "q"\n'
        )
    assert problems(tmp_path, text) == (
        (
            "topic 'crm.view.eu.view.x' would be view of 'x' on 'crm.view.eu' and view of "
            "'eu.view.x' on 'crm'; rename one"
        ),
    )


def test_a_builtin_policy_that_does_not_exist_is_refused(tmp_path):
    (found,) = problems(tmp_path, KAFKA.replace('"acme.toml"', '"builtin:acme"'))
    assert found.startswith("[policy] acme: 'builtin:acme' does not exist; known: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind = ", "not TOML: "),
        (
            "transport = 3\n" + KAFKA.replace('[transport]\nkind = "kafka"\n', ""),
            "[transport] must",
        ),
        ("input = 3\n", "[[input]] must be a list of tables"),
        ("subscription = 3\n", "[[subscription]] must be a list of tables"),
        ("policy = 3\n", "[policy] must be a table of <tenant> = <path>"),
        ("[keys]\nacme = 3\n", "[keys] acme: must be a path in quotes"),
        ("", "[transport] is missing"),
        ("", "[[input]] is missing; at least one is needed"),
    ],
)
def test_another_shape_is_reported_and_never_a_crash(tmp_path, text, expected):
    assert any(line.startswith(expected) for line in problems(tmp_path, text))


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "sluicegate.toml")
    assert caught.value.exit_code == 2
    assert str(caught.value) == (
        f"{tmp_path / 'sluicegate.toml'}: 1 problem\n"
        "  - no such file; `sluicegate init` writes one, --settings names another"
    )


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "sluicegate.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read as UTF-8 text"):
        load_settings(path)


def test_no_message_holds_a_password(tmp_path):
    password = "".join(["hun", "ter", "22"])
    text = KAFKA.replace(
        'bootstrap = "broker:9092"',
        f'bootstrap = "broker:9092"\nsasl_password = ["{password}"]\nsecurity_protocol = "SSL"',
    )
    assert password not in "\n".join(problems(tmp_path, text))
