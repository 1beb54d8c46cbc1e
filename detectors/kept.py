"""Keeps compiled databases on disk, named by the hash of what they were compiled from.

Compiling all that ships takes half a second, reading it back takes milliseconds. What is damaged,
of another program or of somebody else is compiled anew and replaced. A folder that cannot be
written is no error: nothing is kept then.
"""

import hashlib
import os
import platform
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)
_HASH = hashlib.sha256
_SIZE = _HASH().digest_size


@contextmanager
def kept_in(folder: Path | None) -> Iterator[None]:
    """Keep the databases that are compiled within in a folder, and take those that are there."""
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


def key_of(patterns: Sequence[tuple[str, int]], compiler: str) -> bytes:
    """Return the hash of what a database depends on, but for the processor: it checks that itself."""
    made = _HASH(f"{compiler} {platform.machine()} {len(patterns)}".encode())
    for pattern, flags in patterns:
        made.update(f"\n{flags} {pattern}".encode())
    return made.digest()


def kept(key: bytes) -> bytes | None:
    """Return what is kept under a key; None: nothing, or nothing good.

    A file counts only where nobody else could have written it.
    """
    folder = _FOLDER.get()
    if folder is None:
        return None
    content = _read(folder / key.hex())
    head, body = content[: 2 * _SIZE], content[2 * _SIZE :]
    return body if head == key + _HASH(body).digest() else None


def keep(key: bytes, content: Callable[[], bytes]) -> None:
    """Keep content under a key, whole or not at all."""
    folder = _FOLDER.get()
    if folder is not None:
        body = content()
        with suppress(OSError):
            _write(folder / key.hex(), key + _HASH(body).digest() + body)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            mine = about.st_uid == os.getuid()
            return b"" if not mine or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else file.read()
    except OSError:
        return b""


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # nobody else may read or write it
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
