import pytest

from gateway.corpus.systems import MIX, SYSTEMS, WRITERS, compile_plan
from schemas.event import contracts


def test_the_five_systems() -> None:
    assert [system.tenant for system in SYSTEMS] == [
        "smiloai",
        "smartcall",
        "smartsale",
        "smartsmm",
        "smartclosr",
    ]


def test_every_kind_with_a_contract_can_be_written_and_has_a_share() -> None:
    assert set(WRITERS) == set(contracts()) == set(MIX)
    assert sum(MIX.values()) == pytest.approx(1)


def test_every_kind_is_written_by_some_system_and_every_system_has_an_access_log() -> None:
    assert {kind for system in SYSTEMS for kind in system.shares} == set(WRITERS)
    assert all("api.access" in system.shares for system in SYSTEMS)


def test_a_roll_draws_a_lot_by_its_share() -> None:
    plan = compile_plan(
        {"social.post": 1, "campaign.engagement": 3}, ["smartsmm", "smiloai"], clean=False
    )

    assert plan.draw(0.0).kind == "social.post"
    assert plan.draw(0.26).kind == "campaign.engagement"
    assert plan.draw(0.9999999).kind == "campaign.engagement"


def test_a_share_of_nothing_is_never_drawn() -> None:
    plan = compile_plan({"crm.deal": 0, "crm.lead": 1, "crm.contact": 0}, None, clean=False)

    assert {plan.draw(n / 100).kind for n in range(100)} == {"crm.lead"}


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        ValueError, match=r"no such kind: crm\.person; there are crm\.contact, crm\.lead"
    ):
        compile_plan({"crm.person": 1}, None, clean=False)


def test_an_unknown_tenant_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no such tenant: acme; there are smiloai, smartcall"):
        compile_plan(None, ["acme"], clean=False)


def test_a_kind_that_cannot_be_without_people_is_refused_in_a_clean_corpus() -> None:
    with pytest.raises(ValueError, match=r"no such kind: crm\.contact"):
        compile_plan({"crm.contact": 1}, None, clean=True)


@pytest.mark.parametrize("mix", [{}, {"social.post": 0}, {"social.post": -1, "api.access": 2}])
def test_a_mix_that_leaves_nothing_is_refused(mix: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="the mix leaves nothing to write"):
        compile_plan(mix, ["smartsmm"], clean=False)


def test_a_kind_that_a_tenant_does_not_write_is_left_out() -> None:
    plan = compile_plan(None, ["smartcall"], clean=False)

    assert {lot.kind for lot in plan.lots} == {"call.record", "api.access", "account.lifecycle"}
