"""Wait until a broker answers a request, not only its port."""

import asyncio
import socket
import subprocess
import time
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

PATIENCE_SECONDS = 60.0


def wait_ready(
    bootstrap: str, process: subprocess.Popen[bytes] | None = None, folder: Path | None = None
) -> None:
    """Return when a Metadata request is answered. Raises RuntimeError when that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            break
        if _listens(bootstrap) and asyncio.run(_answers(bootstrap)):
            return
        time.sleep(0.2)
    lines = "" if folder is None else _tail(folder)
    raise RuntimeError(f"the broker at {bootstrap} does not answer\n{lines}")


def _listens(bootstrap: str) -> bool:
    host, port = bootstrap.split(",", maxsplit=1)[0].rsplit(":", maxsplit=1)
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


async def _answers(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()


def _tail(folder: Path) -> str:
    files = [folder / "out.txt", folder / "server.log"]
    return "\n".join(file.read_text("utf-8")[-2000:] for file in files if file.exists())
