import hashlib
import ipaddress
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice, pairwise

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.il import idnr
from stdnum.tr import tckimlik, vkn
from stdnum.us import ssn

from gateway.corpus import Label, Sample, encode, generate
from tests.gateway.corpus.build import iin_is_valid, leaf_at

DIGITS = re.compile(r"\D")
REGIONS = ("TR", "KZ", "IL", "AE", "US", "DE", "GB")


def digits(text: str) -> str:
    return DIGITS.sub("", text)


def some_region_dials(text: str) -> bool:
    parsed = (phonenumbers.parse(text, region) for region in REGIONS)
    return any(phonenumbers.is_valid_number(number) for number in parsed)


def is_address(text: str) -> bool:
    return bool(ipaddress.ip_address(text))


def shaped(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


# What a planted value must be, told by others than the generator.
PROOFS: dict[str, Callable[[str], bool]] = {
    "EMAIL_ADDRESS": shaped(r"[a-z0-9._]+@[a-z.-]+"),
    "PHONE_NUMBER": some_region_dials,
    "PERSON": shaped(r"[^\W\d_][\w'-]*(?: [\w'-]+)?"),
    "STREET_ADDRESS": shaped(r"(?=.*\d).{8,}"),
    "DATE_OF_BIRTH": shaped(r"\d{4}-\d\d-\d\d|\d\d[./]\d\d[./]\d{4}"),
    "IP_ADDRESS": is_address,
    "MAC_ADDRESS": shaped(r"02(?::[0-9a-f]{2}){5}"),
    "CREDIT_CARD": lambda text: luhn.is_valid(digits(text)),
    "IBAN_CODE": iban.is_valid,
    "TR_NATIONAL_ID": tckimlik.is_valid,
    "TR_VKN": vkn.is_valid,
    "KZ_IIN": iin_is_valid,
    "IL_ID": idnr.is_valid,
    "AE_EMIRATES_ID": lambda text: text.startswith("784-") and luhn.is_valid(digits(text)),
    "US_SSN": ssn.is_valid,
    "JWT": shaped(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}"),
    "AWS_ACCESS_KEY": shaped(r"A[KS]IA[A-Z2-7]{16}"),
    "COOKIE_ID": shaped(r"(?:ck\.[0-9a-f]{20}|[0-9a-f]{24})"),
    "BEARER_TOKEN": shaped(r"[\w-]{24}"),
    "PASSWORD": shaped(r"[A-Za-z]+[!._-][A-Za-z]+\d{4}"),
    "URL_CREDENTIALS": shaped(r"[a-z]+:[\w-]{14}"),
}


def planted(sample: Sample, label: Label) -> str:
    return leaf_at(sample.event, label.path)[label.start : label.end]


def digest_of(samples: Iterable[Sample]) -> str:
    digest = hashlib.sha256()
    for sample in samples:
        digest.update(encode(sample))
        digest.update(repr(sample.labels).encode())
    return digest.hexdigest()


def test_the_mean_event_of_the_default_mix_has_370_bytes_give_or_take_30() -> None:
    sizes = [len(encode(sample)) for sample in generate(1, 10_000)]

    assert 340 <= sum(sizes) / len(sizes) <= 400


def test_text_scale_stretches_events_and_shrinks_them() -> None:
    small, usual, large = (
        sum(len(encode(sample)) for sample in generate(1, 2000, text_scale=scale)) / 2000
        for scale in (0, 1, 20)
    )

    assert small < usual
    assert large > 1.5 * usual


def test_the_default_mix_has_the_shares_that_it_says() -> None:
    kinds = Counter(sample.event["type"].split(".")[0] for sample in generate(1, 10_000))

    assert 3800 <= kinds["crm"] <= 4200
    assert 2300 <= kinds["campaign"] <= 2700
    assert 2300 <= kinds["api"] <= 2700
    assert 850 <= kinds["call"] + kinds["social"] + kinds["account"] <= 1150


def test_all_five_systems_write() -> None:
    tenants = Counter(sample.event["tenant"] for sample in generate(1, 5000))

    assert len(tenants) == 5
    assert min(tenants.values()) > 200


def test_every_label_covers_a_value_that_an_independent_check_knows() -> None:
    wrong = [
        (label, sample.event["type"])
        for sample in generate(2, 6000)
        for label in sample.labels
        if not PROOFS[label.entity](planted(sample, label))
    ]

    assert wrong == []


def test_every_entity_is_planted() -> None:
    met = {label.entity for sample in generate(2, 6000) for label in sample.labels}

    assert met == set(PROOFS)


def test_labels_of_one_leaf_do_not_overlap() -> None:
    for sample in generate(3, 3000):
        spans = sorted((label.path, label.start, label.end) for label in sample.labels)
        for (path, _, end), (other, start, _) in pairwise(spans):
            assert path != other or end <= start


def test_the_mail_address_of_the_contact_is_labelled_wherever_it_stands() -> None:
    for sample in generate(4, 2000, mix={"crm.contact": 1}):
        email = sample.event["contact"]["email"]
        note = sample.event.get("note", "")
        if email in note:
            start = note.index(email)
            assert Label("/note", start, start + len(email), "EMAIL_ADDRESS") in sample.labels


def test_personal_data_stands_inside_sentences() -> None:
    inside = Counter(
        label.entity
        for sample in generate(5, 6000)
        for label in sample.labels
        if len(leaf_at(sample.event, label.path)) > label.end - label.start
    )

    assert {
        "PERSON",
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "STREET_ADDRESS",
        "PASSWORD",
    } <= inside.keys()
    assert {
        "TR_NATIONAL_ID",
        "TR_VKN",
        "KZ_IIN",
        "IL_ID",
        "AE_EMIRATES_ID",
        "US_SSN",
    } <= inside.keys()
    assert {"IBAN_CODE", "CREDIT_CARD", "DATE_OF_BIRTH", "BEARER_TOKEN"} <= inside.keys()


def test_the_access_log_has_personal_data_in_path_query_headers_and_bodies() -> None:
    places = {
        label.path.split("/")[1]
        for sample in generate(6, 1000, mix={"api.access": 1})
        for label in sample.labels
    }

    assert places == {"client_address", "path", "query", "headers", "request_body", "response_body"}


def test_a_number_can_be_a_json_number() -> None:
    samples = generate(7, 3000, mix={"api.access": 1})
    numbers = [
        sample.event["request_body"]["national_id"]
        for sample in samples
        if "national_id" in sample.event.get("request_body", {})
    ]

    assert {type(number) for number in numbers} == {int, str}


def test_people_come_back() -> None:
    keys = Counter(sample.key for sample in generate(8, 5000, tenants=["smartsale"]))

    assert len(keys) < 3000
    assert keys.most_common(1)[0][1] > 20


def test_the_key_is_the_id_of_the_person_or_of_the_campaign() -> None:
    heads = {sample.event["type"]: sample.key.split("-")[0] for sample in generate(9, 3000)}

    assert heads == {
        "crm.contact": "c",
        "crm.lead": "l",
        "crm.deal": "c",
        "campaign.send": "cmp",
        "campaign.engagement": "c",
        "api.access": "c",
        "call.record": "c",
        "social.post": "a",
        "account.lifecycle": "a",
    }


def test_ids_are_unique_and_times_rise() -> None:
    events = [sample.event for sample in generate(10, 3000)]

    assert len({event["id"] for event in events}) == 3000
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)


def test_the_first_event_begins_at_the_start_time() -> None:
    sample = next(generate(1, 1, start_time=datetime(2026, 3, 1, 12, tzinfo=UTC)))

    assert sample.event["time"].startswith("2026-03-01T12:00:00.")
    assert sample.event["time"].endswith("Z")


def test_a_clean_corpus_has_no_label_and_no_mail_address() -> None:
    samples = list(generate(11, 3000, clean=True))

    assert [sample for sample in samples if sample.labels] == []
    assert [sample for sample in samples if b"@" in encode(sample)] == []
    assert {sample.event["type"] for sample in samples} == {
        "crm.deal",
        "campaign.send",
        "api.access",
    }


def test_a_clean_corpus_is_full_of_what_looks_like_personal_data() -> None:
    text = b"\n".join(encode(sample) for sample in generate(12, 2000, clean=True)).decode()

    assert len(re.findall(r"\b\d{11}\b", text)) > 100
    assert len(re.findall(r"\b\d{9}\b", text)) > 100
    assert len(re.findall(r"\b17\d{11}\b", text)) > 1000
    assert len(re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text)) > 100
    assert len(re.findall(r"(?:[0-9a-f]{2}:){19}[0-9a-f]{2}", text)) > 50


def test_only_the_asked_tenants_write() -> None:
    tenants = {
        sample.event["tenant"] for sample in generate(1, 500, tenants=["smartsmm", "smartcall"])
    }

    assert tenants == {"smartsmm", "smartcall"}


@given(seed=st.integers(0, 2**64), first=st.integers(0, 500), count=st.integers(1, 20))
@settings(max_examples=25, deadline=None)
def test_an_event_is_the_same_whatever_range_it_is_generated_in(
    seed: int, first: int, count: int
) -> None:
    whole = islice(generate(seed, first + count), first, None)

    assert digest_of(generate(seed, count, first=first)) == digest_of(whole)


def test_another_process_generates_the_same_bytes() -> None:
    program = (
        "import sys; from gateway.corpus import encode, generate\n"
        "for sample in generate(13, 500): sys.stdout.buffer.write(encode(sample))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)  # noqa: S603

    assert run.stdout == b"".join(encode(sample) for sample in generate(13, 500))


def test_the_corpus_of_a_seed_stays_as_it_is() -> None:
    assert digest_of(generate(0, 2000)) == DIGEST


# Benches compare runs over the same corpus: a change of this figure belongs into the changelog.
DIGEST = "ee39f838f4dc8141a04c413fd4aa9901618aa5e63ae600984e1ef2b7c2a79c51"


def test_another_seed_gives_another_corpus() -> None:
    assert digest_of(generate(1, 20)) != digest_of(generate(2, 20))


@pytest.mark.parametrize(
    "wrong", [{"seed": -1}, {"events": -1}, {"text_scale": -0.5}, {"first": -1}]
)
def test_a_negative_figure_is_refused_before_the_first_event(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="are 0 or more"):
        generate(**{"seed": 1, "events": 1, **wrong})  # type: ignore[arg-type]


def test_an_unknown_tenant_is_refused_before_the_first_event() -> None:
    with pytest.raises(ValueError, match="no such tenant: acme"):
        generate(1, 1, tenants=["acme"])


def test_no_events_are_no_events() -> None:
    assert list(generate(1, 0)) == []


def test_the_repr_of_a_sample_hides_its_content() -> None:
    sample = next(generate(1, 1, mix={"crm.contact": 1}))

    assert re.fullmatch(r"Sample\(crm\.contact, \d+ labels\)", repr(sample))
