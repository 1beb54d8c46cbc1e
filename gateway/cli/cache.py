"""Where commands keep what is costly to make and can be made again: the user's cache folder."""

import os
from pathlib import Path


def databases_folder() -> Path | None:
    """Return the folder of compiled detection rules; None: the user has no home to keep it in.

    As the XDG Base Directory specification has it, a path that is not absolute does not count.
    """
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        base = chosen if chosen.is_absolute() else Path("~/.cache").expanduser()
    except RuntimeError:
        return None
    return base / "sluicegate" / "databases"
