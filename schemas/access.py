"""Who may see what: actions, reasons, the reader of a view, and the answer a policy gives."""

import enum

import msgspec


class Action(enum.IntEnum):
    """What happens to a value. The order is the precedence: where lines meet, the higher wins."""

    ALLOW = 0
    MASK = 1
    GENERALISE = 2
    TOKENIZE = 3
    PSEUDONYMISE = 4
    REDACT = 5
    DROP = 6
    DENY = 7
    QUARANTINE = 8


class Reason(enum.StrEnum):
    """Why a decision or a reject is as it is. Stored in the audit trail; a code is never reused."""

    GRANTED = "granted"  # every category in the event may be read in clear
    NO_PERSONAL_DATA = "no_personal_data"
    MODIFIED = "modified"  # the policy grants some categories in another form only
    CATEGORY_NOT_GRANTED = "category_not_granted"  # at least one category is withheld
    ROLE_NOT_PERMITTED = (
        "role_not_permitted"  # role and purpose exist, no line grants them anything
    )
    ROLE_NOT_CONFIGURED = "role_not_configured"  # the policy does not know this role
    PURPOSE_NOT_CONFIGURED = "purpose_not_configured"  # the policy does not know this purpose
    POLICY_QUARANTINE = "policy_quarantine"  # the policy sends the event to quarantine
    OBSERVED = "observed"  # an access that the event itself reports
    NOT_JSON = "not_json"
    INVALID_UTF8 = "invalid_utf8"
    NOT_AN_OBJECT = "not_an_object"
    WRONG_TYPE = "wrong_type"  # an envelope field has another type than the contract says
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_LEAVES = "too_many_leaves"
    EMPTY = "empty"  # key and value both null
    UNKNOWN_TENANT = "unknown_tenant"
    NOT_EXAMINED = "not_examined"  # it says more in disguise than could be read
    POISON = "poison"  # the record made processing or sending fail by itself


# Beside the categories in the mask of an event: not all that it says could be read, so it may hold
# anything.
UNREAD = 1 << 62

REJECTS = frozenset(Reason) - {
    Reason.GRANTED,
    Reason.NO_PERSONAL_DATA,
    Reason.MODIFIED,
    Reason.CATEGORY_NOT_GRANTED,
    Reason.ROLE_NOT_PERMITTED,
    Reason.ROLE_NOT_CONFIGURED,
    Reason.PURPOSE_NOT_CONFIGURED,
    Reason.OBSERVED,
}


class Subscription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reader's claim on some inputs: who reads, in which role, for which purpose, where to."""

    name: str
    inputs: tuple[str, ...]
    principal: str
    role: str
    purpose: str
    recipient: str = "none"
    region: str = ""


class Decision(msgspec.Struct, frozen=True):
    """A policy's answer for one category mask: what is clear, masked and denied, and why.

    ``action`` speaks of the event: ALLOW (deliver as it is), MASK (deliver a changed view), DENY
    or QUARANTINE. ``share`` is equal for two decisions of one policy exactly when their views of
    the same event have the same bytes.
    """

    action: Action
    clear: int
    masked: int
    denied: int
    reason: Reason
    share: int
