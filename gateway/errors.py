"""Every error that leaves the product: one tree, each with an exit code and whether a retry helps.

SluicegateError
├── StartError            an operator must fix something before anything is consumed
│   ├── SettingsError     exit 2: settings, policies, rules: every problem in one message
│   ├── KeyFileError      exit 3: a tenant's key is missing or unreadable
│   └── TopologyError     exit 4: topics, partitions, an unreachable broker
├── SealError             exit 1: a token or sealed record was altered, or is not of this key
└── RunError              something went wrong while running
    ├── TrailError        exit 5: the audit trail has a gap, a change, an alien file or an emptied store
    ├── OffsetError       exit 6: committed offsets are lost or no longer retained
    ├── FencedError       retry: another owner took the lane
    └── VaultError        retry: the identity vault could not be written
"""

from collections.abc import Sequence


class SluicegateError(Exception):
    """Anything the product reports. Messages say what, where, and what would be right."""

    exit_code = 1
    retriable = False


class StartError(SluicegateError):
    """Must be fixed before start. ``problems`` holds every problem found, one line each."""

    exit_code = 2

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        lines = "".join(f"\n  - {problem}" for problem in self.problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"{subject}: {count}{lines}")


class SettingsError(StartError):
    """Settings, a policy or a rule file is wrong."""


class KeyFileError(StartError):
    """A tenant's key file is missing, unreadable or too open."""

    exit_code = 3


class TopologyError(StartError):
    """The broker does not answer, or its topics are not as the settings need them."""

    exit_code = 4


class SealError(SluicegateError):
    """A token or a sealed record was altered, or was not made with this key."""


class RunError(SluicegateError):
    """Happened while running; nothing that was not committed became visible."""


class TrailError(RunError):
    """The audit trail is not contiguous or not as it was, or a file in it is not ours."""

    exit_code = 5


class OffsetError(RunError):
    """A committed offset is lost, or what it points to; going on would hide a gap or repeat."""

    exit_code = 6


class FencedError(RunError):
    """Another owner took the lane; open it again and go on from the committed offset."""

    exit_code = 7
    retriable = True


class VaultError(RunError):
    """The identity vault could not be read or written."""

    exit_code = 8
    retriable = True
