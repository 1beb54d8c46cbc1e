import csv
import json
from importlib import resources
from typing import Any

import jsonschema
import msgspec
import pytest

from gateway.corpus import Sample, generate
from schemas.category import by_code, register
from schemas.event import UNKNOWN, Contract, Field, compile_contract, contracts, pointer

KINDS = [
    "account.lifecycle",
    "api.access",
    "call.record",
    "campaign.engagement",
    "campaign.send",
    "crm.contact",
    "crm.deal",
    "crm.lead",
    "social.post",
]
# What may stand again in another leaf of the event, so that it is looked for there.
IDENTITIES = [
    "name",
    "email",
    "phone",
    "postal_address",
    "company",
    "username",
    "government_id",
    "payment_card",
    "bank_account",
    "ip_address",
    "device_id",
    "cookie_id",
    "licence_number",
    "birth_date",
    "password",
    "access_token",
]


def schema_of(kind: str) -> dict[str, Any]:
    file = resources.files("schemas").joinpath(f"events/{kind}.json")
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def minimal(**parts: Any) -> dict[str, Any]:
    """Return the smallest schema with a contract, and what a test adds to it."""
    note = {"kind": "k", "class_uid": 6005, "type_uid": 600501, "operation": "dpv:Access"}
    return {"x-sluicegate": note | parts.pop("note", {}), **parts}


def samples_of(kind: str, count: int, **choices: Any) -> list[Sample]:
    return list(generate(3, count, mix={kind: 1.0}, **choices))


def test_every_kind_of_event_has_a_contract() -> None:
    assert list(contracts()) == KINDS


def test_a_pointer_becomes_a_path() -> None:
    assert pointer("/contact/e~1mail~0") == ("contact", "e/mail~")


def test_a_pointer_without_a_slash_is_refused() -> None:
    with pytest.raises(ValueError, match="a pointer starts with '/', not 'contact'"):
        pointer("contact")


def test_a_property_has_its_category_and_hints() -> None:
    note = {"category": "email", "known": True}
    schema = minimal(properties={"mail": {"type": "string", "x-sluicegate": note}})

    assert compile_contract(schema).fields == {("mail",): Field(bit=1, known=True)}


def test_free_text_needs_no_category() -> None:
    schema = minimal(properties={"note": {"x-sluicegate": {"free_text": True}}})

    assert compile_contract(schema).fields == {("note",): Field(bit=-1, free_text=True)}


def test_an_element_of_an_array_is_a_star() -> None:
    item = {"properties": {"mail": {"x-sluicegate": {"category": "email"}}}}
    schema = minimal(properties={"to": {"type": "array", "items": item}})

    assert list(compile_contract(schema).fields) == [("to", "*", "mail")]


def test_a_reference_is_followed_at_each_place_that_names_it() -> None:
    person = {"properties": {"name": {"x-sluicegate": {"category": "name"}}}}
    both = {"from": {"$ref": "#/$defs/person"}, "to": {"$ref": "#/$defs/person"}}
    schema = minimal(properties=both, **{"$defs": {"person": person}})

    assert list(compile_contract(schema).fields) == [("from", "name"), ("to", "name")]


def test_an_object_with_a_category_keeps_its_members_own() -> None:
    iban = {"x-sluicegate": {"category": "bank_account"}}
    billing = {"x-sluicegate": {"category": "billing"}, "properties": {"iban": iban}}

    fields = compile_contract(minimal(properties={"billing": billing})).fields

    assert {path: field.bit for path, field in fields.items()} == {
        ("billing",): 23,
        ("billing", "iban"): 22,
    }


def test_subjects_of_each_element_have_paths_that_start_there() -> None:
    subjects = {"each": "/to", "kind": "dpv:Customer", "identities": [["email", "/mail"]]}

    compiled = compile_contract(minimal(note={"subjects": subjects})).subjects

    assert compiled is not None
    assert (compiled.each, compiled.identities) == (("to",), (("email", ("mail",)),))


def test_what_a_schema_says_beside_its_reference_counts_too() -> None:
    record = {"properties": {"email": {"x-sluicegate": {"category": "email"}}}}
    body = {"$ref": "#/$defs/record", "items": {"$ref": "#/$defs/record"}}
    contract = compile_contract(
        {
            "x-sluicegate": {
                "kind": "k",
                "class_uid": 6003,
                "type_uid": 600302,
                "operation": "dpv:Access",
            },
            "$defs": {"record": record, "body": body},
            "properties": {"body": {"$ref": "#/$defs/body"}},
        }
    )
    assert set(contract.fields) == {("body", "email"), ("body", "*", "email")}


def test_an_unknown_category_is_refused() -> None:
    schema = minimal(properties={"x": {"x-sluicegate": {"category": "shoe_size"}}})

    with pytest.raises(KeyError, match="shoe_size"):
        compile_contract(schema)


def test_a_misspelt_annotation_of_a_property_is_refused() -> None:
    schema = minimal(properties={"x": {"x-sluicegate": {"category": "name", "knwon": True}}})

    with pytest.raises(msgspec.ValidationError, match="knwon"):
        compile_contract(schema)


def test_a_misspelt_annotation_of_the_event_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="subject"):
        compile_contract(minimal(note={"subject": {}}))


def test_an_event_of_an_unknown_kind_has_no_fields_and_no_subjects() -> None:
    assert (dict(UNKNOWN.fields), UNKNOWN.subjects, UNKNOWN.observed) == ({}, None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_contract_file_is_valid_json_schema(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_contract_file_asks_for_the_envelope(kind: str) -> None:
    schema = schema_of(kind)

    assert schema["required"][:4] == ["type", "id", "time", "tenant"]
    assert schema["properties"]["type"] == {"const": kind}


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.kind)
def test_what_identifies_somebody_is_looked_for_in_other_leaves(contract: Contract) -> None:
    bits = {by_code()[code].bit for code in IDENTITIES}

    forgotten = [
        path for path, field in contract.fields.items() if field.bit in bits and not field.known
    ]

    assert forgotten == []


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.kind)
def test_ocsf_numbers_agree(contract: Contract) -> None:
    assert contract.class_uid in (6003, 6005, 4009)
    assert contract.type_uid // 100 == contract.class_uid
    assert contract.operation.startswith("dpv:")


def followed(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what its references say, and what it says beside them."""
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = defs[schema["$ref"].removeprefix("#/$defs/")] | beside
    return schema


def declared(schema: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether a schema declares the property at a path; elements of arrays are passed through."""
    here = schema
    for key in path:
        here = followed(here, schema.get("$defs", {}))
        if key not in here.get("properties", {}):
            return False
        here = here["properties"][key]
    return True


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.kind)
def test_every_pointer_names_a_declared_property(contract: Contract) -> None:
    schema, subjects, observed = schema_of(contract.kind), contract.subjects, contract.observed
    assert subjects is not None
    paths = [path for _, path in subjects.identities]
    paths += [path for path in (subjects.jurisdiction, subjects.birth_date) if path]
    if subjects.each:
        item = schema["properties"][subjects.each[0]]["items"]
        assert all(declared(item, path) for path in paths)
    else:
        assert all(declared(schema, path) for path in paths)
    if observed:
        assert all(declared(schema, path) for path in msgspec.structs.astuple(observed) if path)


def test_only_the_access_log_reports_accesses() -> None:
    assert [kind for kind, contract in contracts().items() if contract.observed] == ["api.access"]


def test_a_campaign_has_one_subject_a_recipient() -> None:
    subjects = contracts()["campaign.send"].subjects

    assert subjects is not None
    assert subjects.each == ("recipients",)


@pytest.mark.parametrize("kind", KINDS)
def test_generated_events_keep_their_contract(kind: str) -> None:
    validator = jsonschema.Draft202012Validator(schema_of(kind))

    problems = [
        error.message
        for sample in samples_of(kind, 300)
        for error in validator.iter_errors(sample.event)
    ]

    assert problems == []


def undeclared(value: Any, schema: dict[str, Any], defs: dict[str, Any], at: str = "") -> list[str]:
    """Return the paths of a value that a schema says nothing about."""
    schema = followed(schema, defs)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [path for item in value for path in undeclared(item, items, defs, f"{at}/*")]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties")
    if known is None:
        return [at]
    missing = [f"{at}/{key}" for key in value if key not in known]
    for key in value.keys() & known.keys():
        missing += undeclared(value[key], known[key], defs, f"{at}/{key}")
    return missing


@pytest.mark.parametrize("kind", KINDS)
def test_generated_events_have_no_field_that_the_contract_forgot(kind: str) -> None:
    schema = schema_of(kind)

    found = {
        path
        for sample in samples_of(kind, 600)
        for path in undeclared(sample.event, schema, schema.get("$defs", {}))
        if not path.startswith(("/request_body", "/response_body"))  # anything may stand there
    }

    assert found == set()


def test_generated_countries_are_registered_jurisdictions() -> None:
    registered = {
        row["jurisdiction"] for row in csv.DictReader(register("jurisdictions").splitlines())
    }

    met = {sample.event["contact"]["country"] for sample in samples_of("crm.contact", 600)}

    assert met <= registered
    assert met >= {"TR", "EU", "GB", "US-CA", "IL", "AE"}


def covered(contract: Contract, path: tuple[str, ...]) -> int:
    """Return the bit of the annotation at a path or above it; -1 where there is none."""
    for size in range(len(path), 0, -1):
        field = contract.fields.get(path[:size])
        if field and field.bit >= 0:
            return field.bit
    return -1


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [leaf for key, child in value.items() for leaf in leaves(child, (*path, key))]
    if isinstance(value, list):
        return [leaf for child in value for leaf in leaves(child, (*path, "*"))]
    return [path]


def test_clean_events_have_no_leaf_that_a_contract_calls_personal() -> None:
    personal = {
        (sample.event["type"], leaf)
        for sample in generate(5, 1000, clean=True)
        for leaf in leaves(sample.event)
        if covered(contracts()[sample.event["type"]], leaf) >= 0
    }

    assert personal == set()


def test_a_contract_knows_every_path_that_its_schema_declares() -> None:
    item = {"properties": {"id": {"x-sluicegate": {"category": "record_id"}}, "at": {}}}
    schema = minimal(properties={"note": {}, "items": {"items": {"$ref": "#/$defs/item"}}})
    contract = compile_contract(schema | {"$defs": {"item": item}})
    paths = ["/note", "/items", "/items/*", "/items/*/id", "/items/*/at"]
    assert contract.declared == {pointer(path) for path in paths}
    assert list(contract.fields) == [pointer("/items/*/id")]
