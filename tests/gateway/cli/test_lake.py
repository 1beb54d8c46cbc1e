"""The commands that ask the trail: what people read, what programs read, and what is refused."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.trail import HOT, publish
from schemas.audit import DENIED, Access, FindingCount, Resource
from tests.builders import HOUR, NOON, Row, ref, wire

JANE = Access(
    kind="observed",
    principal_uid="u:jane",
    role="support_agent",
    purpose="dpv:CustomerCare",
    recipient="stripe",
    session_ref=5,
    has_mfa=True,
    src_country="TR",
)
EXPORT = Resource("api.access", 6003, 600302, "dpv:Export")
IP = 1 << 8
HEALTH = 1 << 26


@pytest.fixture
def lake(tmp_path):
    lake = tmp_path / "lake"
    rows = [
        Row(offset=0, subject=ref(1), jurisdiction="TR", clear=0b11, masked=0b100),
        Row(offset=1, subject=ref(2), jurisdiction="", clear=HEALTH, access=JANE, resource=EXPORT),
        Row(offset=1, subject=ref(2), jurisdiction="", clear=0, denied=HEALTH, action=DENIED),
        Row(offset=2, subject=None, jurisdiction="", clear=IP, time=NOON + 36 * HOUR),
    ]
    found = FindingCount("crm.contact", "EMAIL_ADDRESS", 1, 2, 5, 0.5)
    publish(lake / HOT, "0", 0, 1, [wire(rows, findings=[found])])
    return lake


def run(*arguments, stdin=None, width="140"):
    runner = CliRunner(env={"COLUMNS": width})
    return runner.invoke(main, [str(each) for each in arguments], input=stdin)


def told(*arguments, **options):
    result = run(*arguments, **options)
    assert result.exit_code == 0, result.output
    return result.stdout


class TestAuditSql:
    def test_rows_are_a_table(self, lake):
        text = told(
            "audit", "sql", "--lake", lake,
            "SELECT kafka_offset, category_codes(cat_clear) AS clear FROM audit"
            " WHERE principal_uid = 'svc:sales' AND cat_clear <> 0 ORDER BY 1",
        )  # fmt: skip
        lines = [line.split() for line in text.splitlines() if line.strip()]
        assert lines[0] == ["kafka_offset", "clear"]
        assert lines[2:] == [["0", "name,", "email"], ["2", "ip_address"], ["2", "rows"]]

    def test_numbers_stand_below_each_other_by_their_last_digit(self, lake):
        query = "SELECT unnest(['a', 'bb']) AS word, unnest([1, 1000]) AS number"
        rows = told("audit", "sql", "--lake", lake, query).splitlines()[3:5]
        assert [row.rstrip() for row in rows] == ["  a           1", "  bb       1000"]

    def test_too_many_columns_for_the_screen_stand_below_each_other(self, lake):
        text = told(
            "audit", "sql", "--lake", lake, "FROM audit ORDER BY kafka_offset LIMIT 1", width="80"
        )
        words = [line.split() for line in text.splitlines()]
        assert ["Row", "1"] in words
        assert ["principal_uid", "svc:sales"] in words

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("{'version': '7', 'since': TIMESTAMP '2026-11-05'}", "version: 7, since: 2026-11-05 00:00:00"),
            ("MAP {'a': 1, 'b': NULL}", "a: 1, b: -"),
            ("[{'tenant': 'acme'}, {'tenant': 'bcme'}]", "{tenant: acme}, {tenant: bcme}"),
            ("{'one': {'two': [1, 2]}}", "one: {two: [1, 2]}"),
            ("[[1, 2], [], NULL]", "[1, 2], [], -"),
        ],
    )  # fmt: skip
    def test_values_with_parts_are_read_as_words_and_not_as_code(self, lake, value, shown):
        text = told("audit", "sql", "--lake", lake, f"SELECT {value} AS it")
        assert text.splitlines()[3].strip() == shown

    def test_the_policies_of_a_segment_can_be_read(self, lake):
        text = told("audit", "sql", "--lake", lake, "SELECT policies FROM segment")
        assert text.splitlines()[3].strip() == "{tenant: acme, version: 1}"

    def test_json_is_one_object(self, lake):
        text = told(
            "audit", "sql", "--lake", lake, "--json",
            "SELECT time, subject_ref, dt, [cat_clear] AS masks, 1.5 AS amount, 'nan'::DOUBLE AS none"
            " FROM audit WHERE kafka_offset = 0",
        )  # fmt: skip
        assert json.loads(text) == {
            "columns": ["time", "subject_ref", "dt", "masks", "amount", "none"],
            "rows": [
                {
                    "time": "2026-11-05T12:00:00Z",
                    "subject_ref": "00000000-0000-0000-0000-000000000001",
                    "dt": "2026-11-05",
                    "masks": [3],
                    "amount": "1.5",
                    "none": None,
                }
            ],
        }

    def test_many_rows_are_cut_for_people_and_whole_for_programs(self, lake):
        query = "SELECT range AS n FROM range(1000)"
        text = told("audit", "sql", "--lake", lake, query)
        assert text.endswith("1,000 rows, the first 200 shown; --json has all\n")
        assert (
            len(json.loads(told("audit", "sql", "--lake", lake, "--json", query))["rows"]) == 1000
        )

    def test_a_write_is_refused(self, lake):
        result = run("audit", "sql", "--lake", lake, "DROP VIEW audit")
        assert result.exit_code == 1
        assert result.stdout == ""
        assert "only one SELECT is answered, nothing is changed here" in result.stderr

    def test_an_error_of_the_query_is_said_without_our_own_sql(self, lake):
        result = run("audit", "sql", "--lake", lake, "SELECT nix FROM audit")
        assert result.exit_code == 1
        assert 'Referenced column "nix" not found' in result.stderr
        assert "query(" not in result.stderr

    def test_a_name_in_the_trail_cannot_steer_the_terminal(self, lake):
        text = told("audit", "sql", "--lake", lake, "SELECT chr(27) || '[31m[bold]x' AS name")
        assert "\x1b" not in text
        assert "\N{REPLACEMENT CHARACTER}[31m[bold]x" in text


@pytest.fixture
def cut(lake):
    """Make a lake from which the middle one of three segments was taken."""
    for number in (1, 2):
        publish(lake / HOT, "0", number, number + 1, [wire([Row(offset=2 + number)])])
    (lake / HOT / f"audit+0+{1:020d}.parquet").unlink()
    return lake


class TestAuditVerify:
    GAP = "audit+0+00000000000000000002.parquet: audit gap: starts at 2, the one before ends at 1"

    def test_a_whole_trail_is_said_to_be_whole_with_the_ends_of_its_lanes(self, lake):
        text = told("audit", "verify", "--lake", lake)
        words = [line.split() for line in text.splitlines()]
        (end,) = [line for line in words if line[:1] == ["0"]]
        assert (end[1:4], len(end[4])) == (["1", "4", "1"], 64)
        assert "No segment is missing" in text
        assert "shows only --against an earlier --json" in text

    def test_a_trail_that_is_not_has_the_exit_code_of_the_trail(self, cut):
        result = run("audit", "verify", "--lake", cut, width="80")
        assert result.exit_code == 5
        assert "The trail is not whole or was changed" in result.stdout
        assert self.GAP in result.stdout
        assert "No segment is missing" not in result.stdout

    def test_what_was_kept_is_compared(self, lake, tmp_path):
        kept = tmp_path / "kept.json"
        kept.write_text(told("audit", "verify", "--lake", lake, "--json"))
        text = told("audit", "verify", "--lake", lake, "--against", kept)
        assert "shows only --against" not in text
        (lake / HOT / f"audit+0+{0:020d}.parquet").unlink()
        assert run("audit", "verify", "--lake", lake).exit_code == 0
        result = run("audit", "verify", "--lake", lake, "--against", kept, "--json")
        assert result.exit_code == 5
        assert json.loads(result.stdout) == {
            "heads": [],
            "problems": ["audit loss: lane 0 has no segment, but had one up to 1"],
        }

    @pytest.mark.parametrize("content", ["", "[]", '{"heads": [{"lane": 1}], "problems": []}'])
    def test_only_what_it_printed_is_compared(self, lake, tmp_path, content):
        (tmp_path / "kept.json").write_text(content)
        result = run("audit", "verify", "--lake", lake, "--against", tmp_path / "kept.json")
        assert result.exit_code == 1
        assert "that is not what `audit verify --json` prints" in result.stderr


class TestBreachScope:
    @pytest.mark.parametrize("person", [[], ["--subject-ref", f"{1:032x}"]])
    def test_an_answer_from_a_trail_that_is_not_whole_says_so(self, cut, person):
        result = run("breach", "scope", "--lake", cut, *person)
        assert result.exit_code == 5
        first, problem, *_ = result.stdout.splitlines()
        assert first.startswith("The trail is not whole or was changed")
        assert problem == f"  - {TestAuditVerify.GAP}"
        assert "svc:sales" in result.stdout

    @pytest.mark.parametrize("person", [[], ["--subject-ref", f"{1:032x}"]])
    def test_programs_are_told_too(self, cut, person):
        result = run("breach", "scope", "--lake", cut, "--json", *person)
        assert result.exit_code == 5
        assert json.loads(result.stdout)["problems"][0] == TestAuditVerify.GAP

    def test_json_has_every_part(self, lake):
        report = json.loads(told("breach", "scope", "--lake", lake, "--json"))
        assert report["problems"] == []
        assert report["headline"] == {
            "data_subjects": 2,
            "records": 3,
            "records_without_subject": 1,
            "accesses": 3,
            "principals": 2,
            "controllers": 1,
            "first_exposure": "2026-11-05T12:00:00Z",
            "last_exposure": "2026-11-07T00:00:00Z",
        }
        where = [(one["jurisdiction"], one["data_subjects"]) for one in report["by_jurisdiction"]]
        assert where == [("??", 1), ("TR", 1), (None, 0)]
        assert {one["code"] for one in report["by_category"]} == {
            "name",
            "email",
            "health",
            "ip_address",
        }
        seen = [(one["principal_uid"], one["egress_records"]) for one in report["whose_access"]]
        assert seen == [("svc:sales", 0), ("u:jane", 1)]

    def test_people_read_names_and_not_codes(self, lake):
        text = told("breach", "scope", "--lake", lake)
        words = [line.split() for line in text.splitlines() if line.strip()]
        assert ["2", "people"] in words
        assert ["3", "records", "(events)"] in words
        assert ["TR", "acme", "1", "1", "name,", "email"] in words
        assert ["unknown", "acme", "1", "1", "health"] in words
        assert ["customer", "2", "0", "0", "2"] in words
        assert ["nobody", "named", "acme", "0", "1", "IP", "address"] in words
        assert any(line[:3] == ["health", "1", "1"] and "special" in line for line in words)
        assert any(line[:4] == ["u:jane", "1", "1", "1"] for line in words)
        assert "support_agent" in text
        assert "phone" not in text, "masked values were not asked for"

    def test_masked_values_have_their_own_columns(self, lake):
        text = told("breach", "scope", "--lake", lake, "--include-masked")
        words = [line.split() for line in text.splitlines()]
        assert ["TR", "acme", "1", "1", "name,", "email", "phone"] in words
        assert ["phone", "0", "0", "1", "1", "-"] in words

    @pytest.mark.parametrize(
        ("option", "value", "accesses"),
        [
            ("--since", "2026-11-06", 1),
            ("--since", "2026-11-05T12:00:00Z", 3),
            ("--since", "2026-11-05T15:00:00.000001+03:00", 1),
            ("--until", "2026-11-05", 2),
            ("--until", "20261105", 2),
            ("--until", "2026-W45-4", 2),
            ("--until", "2026-11-05T12", 0),
            ("--since", "20261106", 1),
            ("--until", "2026-11-05T12:00:00Z", 0),
            ("--until", "2026-11-07T00:00", 2),
            ("--tenant", "acme", 3),
            ("--tenant", "bcme", 0),
            ("--principal", "u:jane", 1),
            ("--role", "sales_rep", 2),
            ("--topic", "crm.events", 3),
            ("--subscription", "sales", 2),
            ("--recipient", "stripe", 1),
        ],
    )
    def test_selectors_choose(self, lake, option, value, accesses):
        report = json.loads(told("breach", "scope", "--lake", lake, "--json", option, value))
        assert report["headline"]["accesses"] == accesses

    def test_selectors_of_one_kind_add_up(self, lake):
        chosen = ("--principal", "u:jane", "--principal", "svc:sales")
        report = json.loads(told("breach", "scope", "--lake", lake, "--json", *chosen))
        assert report["headline"]["accesses"] == 3
        assert report["selectors"]["principals"] == ["u:jane", "svc:sales"]

    def test_a_window_is_shown_as_it_was_understood(self, lake):
        text = told(
            "breach", "scope", "--lake", lake, "--since", "2026-11-05", "--until", "2026-11-06"
        )
        assert "from 2026-11-05 00:00:00 UTC up to 2026-11-07 00:00:00 UTC" in text

    @pytest.mark.parametrize("option", ["--since", "--until"])
    @pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "5.11.2026", ""])
    def test_a_time_that_is_none_is_refused(self, lake, option, value):
        result = run("breach", "scope", "--lake", lake, option, value)
        assert result.exit_code == 2
        assert "is no ISO date or instant, such as 2026-11-05" in result.stderr

    @pytest.mark.parametrize(
        ("option", "value"),
        [("--until", "9999-12-31"), ("--since", "0001-01-01T00:00+05:00")],
    )
    def test_a_time_beyond_the_calendar_is_refused(self, lake, option, value):
        result = run("breach", "scope", "--lake", lake, option, value)
        assert result.exit_code == 2
        assert "is beyond the calendar; leave the option out" in result.stderr

    def test_a_window_that_ends_before_it_begins_is_refused(self, lake):
        window = ("--since", "2026-11-07", "--until", "2026-11-05")
        result = run("breach", "scope", "--lake", lake, *window)
        assert result.exit_code == 2
        assert "the window is empty: --since is 2026-11-07 00:00:00 UTC" in result.stderr
        told("breach", "scope", "--lake", lake, "--since", "2026-11-05", "--until", "2026-11-05")

    def test_a_country_of_nobody_is_refused(self, lake):
        result = run("breach", "scope", "--lake", lake, "--country", "TR")
        assert result.exit_code == 2
        assert "--country is of --subject" in result.stderr

    def test_a_name_that_is_nowhere_is_doubted(self, lake):
        text = told("breach", "scope", "--lake", lake, "--principal", "u:jnae", "--role", "king")
        assert "principal 'u:jnae' is nowhere in the trail; is u:jane meant?" in text
        assert "role 'king' is nowhere in the trail; is it spelt right?" in text
        assert "Nothing was exposed by the selected accesses." in text
        assert "The trail holds 4 rows, from 2026-11-05 12:00 to 2026-11-07 00:00 UTC." in text


class TestOnePerson:
    UID = "00000000-0000-0000-0000-000000000002"

    def test_the_history_has_denied_accesses_too(self, lake):
        answer = json.loads(
            told("breach", "scope", "--lake", lake, "--subject-ref", self.UID, "--json")
        )
        (subject,) = answer["subjects"]
        assert subject["subject_ref"] == self.UID
        accesses = [
            (one["principal_uid"], one["action_id"], one["in_clear"], one["denied"])
            for one in subject["accesses"]
        ]
        assert sorted(accesses) == [("svc:sales", 2, [], ["health"]), ("u:jane", 1, ["health"], [])]

    def test_selectors_choose_from_it(self, lake):
        chosen = ("--subject-ref", self.UID, "--role", "support_agent", "--json")
        (subject,) = json.loads(told("breach", "scope", "--lake", lake, *chosen))["subjects"]
        assert [one["principal_uid"] for one in subject["accesses"]] == ["u:jane"]

    def test_people_read_words(self, lake):
        text = told("breach", "scope", "--lake", lake, "--subject-ref", self.UID)
        assert "to stripe" in text
        assert "customer care" in text
        assert "clear: health" in text
        assert "DENIED" in text
        assert text.endswith("2 accesses\n")

    @pytest.mark.parametrize(
        ("purpose", "words"),
        [("ext:AITraining", "ai training"), ("dpv:DirectMarketing", "direct marketing")],
    )
    def test_a_purpose_is_told_in_words(self, tmp_path, purpose, words):
        access = Access(kind="delivered", principal_uid="svc:a", purpose=purpose)
        publish(tmp_path / HOT, "0", 0, 1, [wire([Row(subject=ref(2), access=access)])])
        text = told("breach", "scope", "--lake", tmp_path, "--subject-ref", self.UID)
        assert words in text

    def test_nobody_is_known_by_what_is_no_kind_of_identifier(self, lake):
        result = run("breach", "scope", "--lake", lake, "--subject", "mail:-")
        assert result.exit_code == 2
        assert "nobody is known by 'mail'; known: account_id, crm_id, email, phone" in result.stderr

    def test_somebody_unknown_has_none(self, lake):
        text = told("breach", "scope", "--lake", lake, "--subject-ref", self.UID.replace("2", "9"))
        assert "No access to this person's data is in the selected part of the trail." in text


class TestWhereTheLakeIs:
    def test_an_empty_lake_says_so(self, tmp_path):
        (tmp_path / HOT).mkdir()
        text = told("breach", "scope", "--lake", tmp_path)
        assert "The trail is empty: nothing has landed in this lake yet." in text
        assert told("audit", "sql", "--lake", tmp_path, "SELECT tenant FROM audit").endswith(
            "0 rows\n"
        )

    def test_a_folder_that_is_not_there_is_an_error(self, tmp_path):
        result = run("breach", "scope", "--lake", tmp_path / "nowhere")
        assert result.exit_code == 1
        assert "there is no such folder" in result.stderr

    def test_a_folder_that_is_no_lake_is_not_taken_for_an_empty_one(self, lake):
        for folder in (lake.parent, lake / HOT):
            for command in (["breach", "scope"], ["audit", "verify"], ["audit", "sql", "SELECT 1"]):
                result = run(*command, "--lake", folder)
                assert result.exit_code == 1
                assert "that is no lake, which has a folder hot" in result.stderr

    def test_an_alien_file_has_the_exit_code_of_the_trail(self, lake):
        (lake / HOT / "notes.txt").touch()
        result = run("breach", "scope", "--lake", lake)
        assert result.exit_code == 5
        assert "notes.txt is not named like a segment" in result.stderr
