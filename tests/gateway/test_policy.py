"""What a compiled policy answers. The properties compare it with the rules said plainly."""

import dataclasses
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy import Policy
from gateway.policy_file import About, Line, PolicyText, Purpose, Recipient, Role
from schemas.access import UNREAD, Action, Decision, Reason
from schemas.category import DIRECT_IDENTIFIERS, EVERYTHING, by_code, categories, mask_of

BITS = range(len(categories()))
ABOUT = About("acme", "7", date(2026, 11, 22), "acme.example", "Acme Privacy Policy", "0" * 64)
BASIS = ("gdpr:A6-1-b",)
ROLES = {"reader": Role(("L1",)), "robot": Role(("L1",), kind="service")}
PURPOSES = {
    "work": Purpose(("L2",), "dpv:ServiceProvision", BASIS),
    "count": Purpose(("L2",), "dpv:ServiceUsageAnalytics", BASIS, require="pseudonymised"),
    "train": Purpose(("L2",), "ext:AITraining", BASIS, require="anonymised"),
}
CELLS = [(role, purpose) for role in ROLES for purpose in PURPOSES]


def line(
    action: Action,
    *codes: str,
    roles: tuple[str, ...] = ("reader",),
    purposes: tuple[str, ...] = ("work",),
    uid: str = "line",
    withhold: bool = False,
) -> Line:
    mask = mask_of(codes)
    return Line(uid, frozenset(roles), frozenset(purposes), mask, action, withhold, ("L3",))


def policy(*lines: Line, **changes) -> Policy:
    thresholds = (0.5,) * len(BITS)
    recipients = {"post": Recipient(("L4",), "scc")}
    text = PolicyText(ABOUT, ROLES, PURPOSES, {}, thresholds, lines, recipients)
    return Policy(msgspec.structs.replace(text, **changes))


@dataclasses.dataclass
class Answer:
    """A decision as a test writes it."""

    action: Action
    reason: Reason
    clear: int = 0
    masked: int = 0
    denied: int = 0


def told(decision: Decision) -> Answer:
    return Answer(
        decision.action, decision.reason, decision.clear, decision.masked, decision.denied
    )


def decided(*lines: Line, mask: int, role: str = "reader", purpose: str = "work") -> Answer:
    return told(policy(*lines).cell(role, purpose).decide(mask))


EMAIL, NAME, CARD = mask_of(["email"]), mask_of(["name"]), mask_of(["payment_card"])


class TestDecide:
    def test_what_is_allowed_is_clear(self):
        answer = decided(line(Action.ALLOW, "email", "name"), mask=EMAIL | NAME)
        assert answer == Answer(Action.ALLOW, Reason.GRANTED, clear=EMAIL | NAME)

    def test_what_is_masked_changes_the_view(self):
        lines = [line(Action.ALLOW, "email"), line(Action.MASK, "payment_card")]
        answer = decided(*lines, mask=EMAIL | CARD)
        assert answer == Answer(Action.MASK, Reason.MODIFIED, clear=EMAIL, masked=CARD)

    @pytest.mark.parametrize("action", [Action.DROP, Action.DENY])
    def test_a_withheld_category_is_denied_and_the_event_delivered(self, action):
        lines = [line(Action.ALLOW, "email"), line(action, "payment_card")]
        answer = decided(*lines, mask=EMAIL | CARD)
        assert answer == Answer(Action.MASK, Reason.CATEGORY_NOT_GRANTED, clear=EMAIL, denied=CARD)

    def test_a_category_that_no_line_speaks_of_is_withheld(self):
        answer = decided(line(Action.ALLOW, "email"), mask=CARD)
        assert answer == Answer(Action.MASK, Reason.CATEGORY_NOT_GRANTED, denied=CARD)

    def test_an_event_without_personal_data_is_delivered_as_it_is(self):
        answer = decided(line(Action.REDACT, "email"), mask=0)
        assert answer == Answer(Action.ALLOW, Reason.NO_PERSONAL_DATA)

    def test_quarantine_takes_the_whole_event(self):
        lines = [line(Action.ALLOW, "email"), line(Action.QUARANTINE, "child_data")]
        mask = EMAIL | mask_of(["child_data"])
        answer = decided(*lines, mask=mask)
        assert answer == Answer(Action.QUARANTINE, Reason.POLICY_QUARANTINE, denied=mask)

    def test_what_could_not_all_be_read_is_held_back_from_everybody(self):
        answer = decided(line(Action.ALLOW, "email"), mask=EMAIL | UNREAD)
        assert answer == Answer(Action.QUARANTINE, Reason.NOT_EXAMINED, denied=EMAIL)

    def test_an_unknown_role_sees_no_event(self):
        answer = decided(line(Action.ALLOW, "email"), role="guest", mask=EMAIL)
        assert answer == Answer(Action.DENY, Reason.ROLE_NOT_CONFIGURED, denied=EMAIL)

    def test_an_unknown_purpose_sees_no_event(self):
        answer = decided(line(Action.ALLOW, "email"), purpose="fun", mask=0)
        assert answer == Answer(Action.DENY, Reason.PURPOSE_NOT_CONFIGURED)

    @pytest.mark.parametrize("action", [Action.DROP, Action.DENY, Action.QUARANTINE])
    def test_lines_that_only_withhold_grant_nothing(self, action):
        answer = decided(line(action, "email"), mask=0)
        assert answer == Answer(Action.DENY, Reason.ROLE_NOT_PERMITTED)

    def test_free_text_that_is_withheld_may_change_any_view(self):
        granting = line(Action.ALLOW, "email", withhold=True)
        assert decided(granting, mask=0) == Answer(Action.MASK, Reason.NO_PERSONAL_DATA)
        assert decided(granting, mask=EMAIL) == Answer(Action.MASK, Reason.MODIFIED, clear=EMAIL)

    def test_the_same_mask_is_answered_once(self):
        cell = policy(line(Action.ALLOW, "email")).cell("reader", "work")
        assert cell.decide(EMAIL) is cell.decide(EMAIL)

    def test_more_masks_than_are_kept_change_no_answer(self, monkeypatch):
        monkeypatch.setattr("gateway.policy._MOST_ANSWERS", 2)
        cell = policy(line(Action.ALLOW, "email")).cell("reader", "work")
        first = [cell.decide(mask) for mask in range(5)]
        assert [cell.decide(mask) for mask in range(5)] == first


class TestCell:
    def test_it_says_who_reads_what_for_by_which_right_and_rule(self):
        lines = [
            line(Action.ALLOW, "email", roles=("robot",), uid="mail"),
            line(Action.DROP, "email", "password", roles=("robot",), uid="secrets"),
            line(Action.ALLOW, "name", roles=("robot",), uid="names"),
        ]
        cell = policy(*lines).cell("robot", "work")
        assert cell.principal_type == 4
        assert cell.purpose == "dpv:ServiceProvision"
        assert cell.legal_basis == "gdpr:A6-1-b"
        assert cell.rule_uid == "names+secrets"  # mail was overruled everywhere

    def test_what_the_purpose_requires_is_part_of_the_rule(self):
        cell = policy(line(Action.ALLOW, "email", purposes=("train",))).cell("reader", "train")
        assert cell.rule_uid == "line+anonymised"

    def test_an_unknown_purpose_is_named_as_it_was_declared(self):
        cell = policy().cell("reader", "fun")
        assert (cell.purpose, cell.legal_basis, cell.principal_type) == ("fun", "", 1)

    def test_an_unknown_role_is_no_kind_of_principal(self):
        assert policy().cell("guest", "work").principal_type == 0

    @pytest.mark.parametrize("place", ["role", "purpose", "line"])
    def test_free_text_is_withheld_where_role_purpose_or_line_says_so(self, place):
        roles, purposes = dict(ROLES), dict(PURPOSES)
        if place == "role":
            roles["reader"] = msgspec.structs.replace(roles["reader"], free_text="withhold")
        if place == "purpose":
            purposes["work"] = msgspec.structs.replace(purposes["work"], free_text="withhold")
        granting = line(Action.ALLOW, "email", withhold=place == "line")
        one = policy(granting, roles=roles, purposes=purposes)
        assert one.cell("reader", "work").withhold_free_text
        assert not one.cell("robot", "count").withhold_free_text


def test_a_safeguard_is_told_as_the_trail_names_it():
    assert policy().safeguard("post") == "gdpr:A46-2-c"


@pytest.mark.parametrize("recipient", ["none", "somebody"])
def test_who_is_no_recipient_has_no_safeguard(recipient):
    assert policy().safeguard(recipient) == ""


class TestRequire:
    def cell(self, purpose, action, *codes):
        granting = line(action, *codes, purposes=(purpose,))
        actions = policy(granting).cell("reader", purpose).actions
        return [Action(actions[by_code()[code].bit]) for code in codes]

    def test_anonymised_redacts_who_it_is_and_generalises_the_rest(self):
        assert self.cell("train", Action.ALLOW, "email", "call_audio", "birth_date") == [
            Action.REDACT,
            Action.REDACT,
            Action.GENERALISE,
        ]

    @pytest.mark.parametrize("action", [Action.TOKENIZE, Action.PSEUDONYMISE])
    def test_anonymised_leaves_nothing_that_links(self, action):
        assert self.cell("train", action, "browsing") == [Action.REDACT]

    def test_pseudonymised_replaces_who_it_is_and_leaves_the_rest(self):
        assert self.cell("count", Action.TOKENIZE, "email", "company") == [
            Action.PSEUDONYMISE,
            Action.TOKENIZE,
        ]

    def test_what_is_stricter_already_stays(self):
        assert self.cell("count", Action.REDACT, "email") == [Action.REDACT]


class TestExplain:
    def test_it_names_the_lines_that_won_and_those_that_did_not(self):
        won = line(Action.DROP, "email", uid="secrets")
        lost = line(Action.ALLOW, "email", "name", uid="all")
        answer = policy(lost, won).explain("reader", "work", "email")
        assert (answer.action, answer.decided, answer.overruled) == (Action.DROP, (won,), (lost,))
        assert (answer.required, answer.refusal) == ("", None)

    def test_it_says_what_the_purpose_tightened(self):
        granting = line(Action.ALLOW, "email", purposes=("count",))
        answer = policy(granting).explain("reader", "count", "email")
        assert (answer.action, answer.decided) == (Action.PSEUDONYMISE, (granting,))
        assert answer.required == "pseudonymised"

    def test_what_no_line_grants_is_denied_by_none(self):
        answer = policy(line(Action.ALLOW, "email")).explain("reader", "work", "name")
        assert (answer.action, answer.decided, answer.overruled) == (Action.DENY, (), ())

    def test_it_says_why_the_event_itself_is_denied(self):
        assert policy().explain("reader", "work", "name").refusal == Reason.ROLE_NOT_PERMITTED
        assert policy().explain("guest", "fun", "name").refusal == Reason.ROLE_NOT_CONFIGURED


# What must hold of every policy and every mask.

MASKS = st.integers(0, EVERYTHING)
ACTIONS = st.sampled_from(Action)
LINES = st.lists(
    st.builds(
        Line,
        uid=st.sampled_from(["a", "b", "c", "d"]),
        roles=st.frozensets(st.sampled_from(sorted(ROLES)), min_size=1),
        purposes=st.frozensets(st.sampled_from(sorted(PURPOSES)), min_size=1),
        mask=MASKS | st.just(EVERYTHING) | st.sampled_from([one.mask for one in categories()]),
        action=ACTIONS,
        withhold=st.booleans(),
        src=st.just(("L3",)),
    ),
    max_size=6,
)
GUARDED = {
    "nothing": lambda bit, action: action,
    "pseudonymised": lambda bit, action: (
        max(action, Action.PSEUDONYMISE) if DIRECT_IDENTIFIERS >> bit & 1 else action
    ),
    "anonymised": lambda bit, action: (
        max(action, Action.REDACT)
        if DIRECT_IDENTIFIERS >> bit & 1 or action in (Action.TOKENIZE, Action.PSEUDONYMISE)
        else max(action, Action.GENERALISE)
    ),
}


def applying(lines, role, purpose):
    return [each for each in lines if role in each.roles and purpose in each.purposes]


@given(LINES)
def test_an_action_is_the_strictest_of_its_lines_and_denied_without_any(lines):
    one = policy(*lines)
    for role, purpose in CELLS:
        own = applying(lines, role, purpose)
        guard = GUARDED[PURPOSES[purpose].require]
        for bit in BITS:
            said = [each.action for each in own if each.mask >> bit & 1]
            expected = guard(bit, max(said)) if said else Action.DENY
            assert one.cell(role, purpose).actions[bit] == expected


@given(LINES, MASKS)
def test_an_event_is_delivered_only_where_something_is_granted(lines, mask):
    one = policy(*lines)
    for role, purpose in CELLS:
        cell = one.cell(role, purpose)
        granted = any(action <= Action.REDACT for action in cell.actions)
        assert granted or cell.decide(mask).action == Action.DENY


@given(LINES, MASKS, st.sampled_from([("guest", "work"), ("reader", "fun"), ("guest", "fun")]))
def test_who_is_not_configured_sees_nothing_whatever_the_lines_say(lines, mask, who):
    decision = policy(*lines).cell(*who).decide(mask)
    assert (decision.action, decision.clear, decision.masked) == (Action.DENY, 0, 0)
    assert decision.denied == mask


@given(LINES, MASKS, st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(lines, mask, chance):
    shuffled = list(lines)
    chance.shuffle(shuffled)
    one, other = policy(*lines), policy(*shuffled)
    for who in CELLS:
        assert one.cell(*who).decide(mask) == other.cell(*who).decide(mask)
        assert one.cell(*who).rule_uid == other.cell(*who).rule_uid


@given(LINES, LINES.filter(bool))
def test_a_new_line_loosens_only_what_no_line_covered(lines, more):
    added = more[0]
    before, after = policy(*lines), policy(*lines, added)
    for role, purpose in CELLS:
        old, new = before.cell(role, purpose), after.cell(role, purpose)
        own = applying(lines, role, purpose)
        reached = added in applying([added], role, purpose)
        for bit in BITS:
            if not (reached and added.mask >> bit & 1):
                assert new.actions[bit] == old.actions[bit]
            elif any(each.mask >> bit & 1 for each in own):
                assert new.actions[bit] >= old.actions[bit]


@given(LINES, MASKS)
def test_clear_masked_and_denied_are_the_mask_and_do_not_overlap(lines, mask):
    one = policy(*lines)
    for who in CELLS:
        found = one.cell(*who).decide(mask)
        assert found.clear | found.masked | found.denied == mask
        assert found.clear + found.masked + found.denied == mask


@given(LINES, MASKS)
def test_nothing_but_an_allowed_category_is_clear(lines, mask):
    one = policy(*lines)
    for who in CELLS:
        cell = one.cell(*who)
        clear = cell.decide(mask).clear
        assert all(cell.actions[bit] == Action.ALLOW for bit in BITS if clear >> bit & 1)


@given(LINES, MASKS)
def test_anonymised_data_shows_and_links_nobody(lines, mask):
    cell = policy(*lines).cell("reader", "train")
    decision = cell.decide(mask)
    shown = decision.clear | decision.masked
    assert decision.clear == 0
    for bit in BITS:
        if shown >> bit & 1:
            assert cell.actions[bit] in (Action.GENERALISE, Action.REDACT)
            assert not DIRECT_IDENTIFIERS >> bit & 1 or cell.actions[bit] == Action.REDACT


@given(LINES, MASKS)
def test_views_are_shared_exactly_where_they_are_made_alike(lines, mask):
    one = policy(*lines)
    made = {}
    for who in CELLS:
        cell = one.cell(*who)
        decision = cell.decide(mask)
        if decision.action <= Action.MASK:
            actions = tuple(cell.actions[bit] for bit in BITS if mask >> bit & 1)
            made[who] = (actions, cell.withhold_free_text), decision.share
    for alike, share in made.values():
        for other, number in made.values():
            assert (share == number) == (alike == other)
