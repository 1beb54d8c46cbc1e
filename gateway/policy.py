"""The policy of one tenant, compiled: (role, purpose) → a cell that answers a category mask.

Denies by default. Where lines meet, the stricter action wins, so their order never matters; what
a purpose requires of the data can only tighten what the lines grant.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from gateway.policy_file import SAFEGUARDS, Line, PolicyText, Purpose, read_policy
from schemas.access import UNREAD, Action, Decision, Reason
from schemas.category import DIRECT_IDENTIFIERS, by_code, categories

PRINCIPAL_TYPES = {"user": 1, "service": 4}  # OCSF actor.user.type_id
_DENIED = (Action.DENY,) * len(categories())
_NO_VIEW = -1  # the share of decisions that deliver nothing
_MOST_ANSWERS = 65_536  # kept per cell; real streams have a few hundred masks


class Cell(msgspec.Struct, kw_only=True, eq=False):
    """What one role sees for one purpose. ``actions`` are by category bit.

    ``refusal`` is why it sees no event at all, or None. ``rule_uid`` names what made the actions:
    the lines of the matrix that won somewhere, and what the purpose requires.
    """

    actions: Sequence[Action] = _DENIED
    withhold_free_text: bool = False
    principal_type: int = 0
    purpose: str = ""
    legal_basis: str = ""
    rule_uid: str = ""
    refusal: Reason | None = None
    _answers: dict[int, Decision] = msgspec.field(default_factory=dict)

    def decide(self, mask: int) -> Decision:
        """Return the answer for an event in which the categories of ``mask`` were found.

        Nobody sees an event that could not all be read (``UNREAD``): it goes to quarantine.
        """
        answer = self._answers.get(mask)
        if answer is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            answer = self._answers[mask] = self._decide(mask)
        return answer

    def _decide(self, mask: int) -> Decision:
        if self.refusal is not None:
            return Decision(Action.DENY, 0, 0, mask, self.refusal, _NO_VIEW)
        if mask & UNREAD:
            return Decision(Action.QUARANTINE, 0, 0, mask ^ UNREAD, Reason.NOT_EXAMINED, _NO_VIEW)
        clear = masked = denied = share = 0
        for bit in _bits(mask):
            action = self.actions[bit]
            share |= action << 4 * bit
            if action == Action.QUARANTINE:
                return Decision(Action.QUARANTINE, 0, 0, mask, Reason.POLICY_QUARANTINE, _NO_VIEW)
            if action == Action.ALLOW:
                clear |= 1 << bit
            elif action <= Action.REDACT:
                masked |= 1 << bit
            else:
                denied |= 1 << bit
        share = share << 1 | self.withhold_free_text
        event = Action.MASK if share else Action.ALLOW
        return Decision(event, clear, masked, denied, _reason(mask, denied, share), share)


def _reason(mask: int, denied: int, share: int) -> Reason:
    if not mask:
        return Reason.NO_PERSONAL_DATA
    if denied:
        return Reason.CATEGORY_NOT_GRANTED
    return Reason.MODIFIED if share else Reason.GRANTED


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Explanation(msgspec.Struct, frozen=True):
    """Why one role sees one category so for one purpose.

    ``decided`` are the lines that won, ``overruled`` those that a stricter one beat; ``required``
    is what the purpose requires where that made the action stricter than the lines, else empty.
    """

    action: Action
    decided: tuple[Line, ...]
    overruled: tuple[Line, ...]
    required: str
    refusal: Reason | None


class Policy:
    """What a tenant's policy file says, compiled once."""

    def __init__(self, text: PolicyText) -> None:
        self.text = text
        self.tenant = text.about.tenant
        self.version = text.about.version
        self.controller_uid = text.about.controller
        self.thresholds: Sequence[float] = text.thresholds
        self._safeguards = {
            name: SAFEGUARDS[one.safeguard] for name, one in text.recipients.items()
        }
        self._cells = {
            (role, purpose): self._compiled(role, purpose)
            for role in text.roles
            for purpose in text.purposes
        }

    def cell(self, role: str, purpose: str) -> Cell:
        """Return what a role sees for a purpose: nothing where the policy does not know one."""
        known = self._cells.get((role, purpose))
        if known is not None:
            return known
        is_role = role in self.text.roles
        declared = self.text.purposes.get(purpose)
        return Cell(
            principal_type=PRINCIPAL_TYPES[self.text.roles[role].kind] if is_role else 0,
            purpose=declared.dpv if declared else purpose,
            refusal=Reason.PURPOSE_NOT_CONFIGURED if is_role else Reason.ROLE_NOT_CONFIGURED,
        )

    def safeguard(self, recipient: str) -> str:
        """Return what protects data at a recipient, as the audit trail names it; '' for nothing."""
        return self._safeguards.get(recipient, "")

    def explain(self, role: str, purpose: str, category: str) -> Explanation:
        """Return why a role sees a category (a code) so for a purpose."""
        cell, bit = self.cell(role, purpose), by_code()[category].bit
        met = [line for line in self._applying(role, purpose) if line.mask >> bit & 1]
        strictest = _strictest(met)
        action = cell.actions[bit]
        return Explanation(
            action=action,
            decided=tuple(line for line in met if line.action == strictest),
            overruled=tuple(line for line in met if line.action != strictest),
            required=self.text.purposes[purpose].require if action != strictest else "",
            refusal=cell.refusal,
        )

    def _applying(self, role: str, purpose: str) -> list[Line]:
        return [line for line in self.text.lines if role in line.roles and purpose in line.purposes]

    def _compiled(self, role: str, purpose: str) -> Cell:
        lines = self._applying(role, purpose)
        who, what = self.text.roles[role], self.text.purposes[purpose]
        actions: list[Action] = []
        winners: set[str] = set()
        for category in categories():
            met = [line for line in lines if line.mask & category.mask]
            strictest = _strictest(met)
            winners.update(line.uid for line in met if line.action == strictest)
            actions.append(_required(what.require, category.mask, strictest))
        withhold = "withhold" in (who.free_text, what.free_text)
        return Cell(
            actions=tuple(actions),
            withhold_free_text=withhold or any(line.withhold for line in lines),
            principal_type=PRINCIPAL_TYPES[who.kind],
            purpose=what.dpv,
            legal_basis=",".join(what.legal_basis),
            rule_uid="+".join([*sorted(winners), *_guard(what)]),
            refusal=None if min(actions) <= Action.REDACT else Reason.ROLE_NOT_PERMITTED,
        )


def load_policy(path: Path) -> Policy:
    """Return the policy of a file. Raises SettingsError with every problem of it."""
    return Policy(read_policy(path))


def _strictest(lines: Sequence[Line]) -> Action:
    """Return the action of lines that meet; what no line speaks of is denied."""
    return max((line.action for line in lines), default=Action.DENY)


def _guard(purpose: Purpose) -> list[str]:
    return [] if purpose.require == "nothing" else [purpose.require]


def _required(require: str, category: int, action: Action) -> Action:
    """Return an action as strict as a purpose requires.

    A token or a pseudonym still tells one person from another: anonymous data has neither.
    """
    direct = category & DIRECT_IDENTIFIERS
    if require == "anonymised":
        linkable = action in (Action.TOKENIZE, Action.PSEUDONYMISE)
        return max(action, Action.REDACT if direct or linkable else Action.GENERALISE)
    if require == "pseudonymised" and direct:
        return max(action, Action.PSEUDONYMISE)
    return action
