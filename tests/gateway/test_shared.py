from contextlib import closing
from pathlib import Path

import orjson
import pytest

from gateway.app import Gateway
from gateway.config import Input, Settings, Transport
from gateway.files import batch_of, read_quarantine, run_files
from gateway.lake import open_lake
from gateway.quarantine import read_held, restore
from gateway.settings_file import builtin_policies, load_settings
from gateway.tokens import load_keys, make_keys
from schemas.access import Reason, Subscription

TENANTS = ("smiloai", "smartcall")


def event(tenant: object, number: int = 0) -> bytes:
    contact = {"id": f"c-{number}", "email": f"p{number}@posta.example"}
    return orjson.dumps({"type": "crm.contact", "tenant": tenant, "contact": contact})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for tenant in TENANTS:
        make_keys(tenant, tmp_path / f"{tenant}.key")
    source = Input("all", "smiloai", path="all.jsonl", tenant_pointer="/tenant", tenants=TENANTS)
    return Settings(
        folder=tmp_path,
        transport=Transport(kind="files", batch_lines=2),
        inputs=(source,),
        subscriptions=(Subscription("sales", ("all",), "sales-app", "sales_rep", "crm"),),
        policies={tenant: builtin_policies()[tenant] for tenant in TENANTS},
        keys={tenant: tmp_path / f"{tenant}.key" for tenant in TENANTS},
    )


def test_each_event_is_decided_by_the_policy_of_the_tenant_that_it_names(settings):
    with Gateway(settings) as gateway:
        result = gateway.process("all", [event("smiloai", 1), event("smartcall", 2)])
    assert [out.offset for out in result.views["sales"]] == [0]
    rows = result.rows.select(["tenant", "kafka_offset", "reason"]).to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == [
        ("smartcall", 1, "role_not_configured"),
        ("smiloai", 0, "granted"),
    ]


@pytest.mark.parametrize("named", ["stranger", "", None, 5, ["smiloai"]])
def test_an_event_of_no_tenant_of_the_input_goes_to_quarantine(settings, named):
    with Gateway(settings) as gateway:
        result = gateway.process("all", [event(named)])
    assert result.views == {"sales": []}
    assert result.rows["reason"].to_pylist() == ["unknown_tenant"]


def test_what_is_not_json_is_refused_once(settings):
    with Gateway(settings) as gateway:
        result = gateway.process("all", [b"{", b"[]"])
    assert result.rows["reason"].to_pylist() == ["not_json", "not_an_object"]


def test_outs_keep_the_order_of_the_input(settings):
    settings = settings_for_all(settings)
    with Gateway(settings) as gateway:
        values = [event(TENANTS[number % 2], number) for number in range(6)]
        result = gateway.process("all", values)
    assert [out.offset for out in result.views["calls"]] == [1, 3, 5]
    assert [out.offset for out in result.views["sales"]] == [0, 2, 4]


def settings_for_all(settings: Settings) -> Settings:
    calls = Subscription("calls", ("all",), "dialler", "call_operator", "calls")
    return Settings(
        folder=settings.folder,
        transport=settings.transport,
        inputs=settings.inputs,
        subscriptions=(*settings.subscriptions, calls),
        policies=settings.policies,
        keys=settings.keys,
    )


def test_a_batch_that_is_refused_whole_is_named_under_its_tenants(settings):
    with Gateway(settings) as gateway:
        lines = [event("smiloai", 1), event("smartcall", 2), b"{"]
        outcome = gateway.pipelines["all"].reject(batch_of("all", 0, lines), Reason.POISON)
    held = [read_held(out.headers, out.value) for out in outcome.quarantine]
    assert [(one.tenant, one.offset) for one in held] == [
        ("smiloai", 0),
        ("smartcall", 1),
        ("smiloai", 2),
    ]


def test_what_is_refused_is_sealed_with_the_key_of_the_inputs_own_tenant(settings):
    with Gateway(settings) as gateway:
        out = gateway.process("all", [b"{"]).quarantine[0]
    held = read_held(out.headers, out.value)
    keyring = load_keys(settings.keys["smiloai"])
    assert restore(keyring, held, out.value).value == b"{"


def test_the_trail_accounts_for_every_line_under_every_tenant(settings):
    values = [event("smiloai", 1), event("smartcall", 2), event("smiloai", 3), b"{", b""]
    (settings.folder / "all.jsonl").write_bytes(b"\n".join(values))
    with Gateway(settings) as gateway:
        run_files(settings, gateway.pipelines)
    with closing(open_lake(settings.at(settings.lake.path))) as con:
        query = "SELECT tenant, min(first_offset), max(next_offset), sum(records) FROM consumed"
        rows = con.execute(f"{query} GROUP BY tenant ORDER BY tenant").fetchall()
    assert rows == [("smartcall", 0, 4, 1), ("smiloai", 0, 4, 3)]
    assert len(list(read_quarantine(settings.folder / "out" / "quarantine"))) == 1


def test_the_own_tenant_of_an_input_must_be_one_of_its_tenants(tmp_path):
    path = tmp_path / "sluicegate.toml"
    path.write_text(
        '[transport]\nkind = "files"\n[[input]]\nname = "a"\ntenant = "smiloai"\npath = "a"\n'
        'tenant_pointer = "/tenant"\ntenants = ["smartcall"]\n',
        "utf-8",
    )
    with pytest.raises(Exception, match="'smiloai', the input's own tenant, must be among them"):
        load_settings(path)
