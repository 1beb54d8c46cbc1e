"""Workers and landers inside the test's own process, for the length of a block."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from gateway.config import Settings
from gateway.kafka.lander import run_lander
from gateway.kafka.parcel import Reject
from gateway.kafka.worker import run_worker
from gateway.stream import Process
from tests.kafka.copying import copying, refusing

PATIENCE_SECONDS = 30.0


@contextlib.asynccontextmanager
async def working(
    settings: Settings,
    process: Process | None = None,
    reject: Reject | None = None,
    *,
    accept_lost: bool = False,
) -> AsyncIterator[None]:
    """Run a worker, copying unless told otherwise; its error is the block's."""
    stop = asyncio.Event()
    async with _running(work(settings, process, reject, stop, accept_lost=accept_lost), stop):
        yield


async def work(
    settings: Settings,
    process: Process | None = None,
    reject: Reject | None = None,
    stop: asyncio.Event | None = None,
    *,
    accept_lost: bool = False,
) -> None:
    """Be a worker until ``stop``, or for ever, which is not long in a test."""
    name = settings.inputs[0].name
    async with asyncio.timeout(PATIENCE_SECONDS):
        await run_worker(
            settings,
            {name: process or copying(settings, name)},
            {name: reject or refusing(settings, name)},
            stop=stop or asyncio.Event(),
            accept_lost=accept_lost,
        )


@contextlib.asynccontextmanager
async def landing(settings: Settings, **options: Any) -> AsyncIterator[None]:
    """Run a lander; its error is the block's."""
    async with _running(land(settings, stop := asyncio.Event(), **options), stop):
        yield


async def land(settings: Settings, stop: asyncio.Event | None = None, **options: Any) -> None:
    """Be a lander until ``stop``, or for ever, which is not long in a test."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await run_lander(settings, stop=stop or asyncio.Event(), **options)


@contextlib.asynccontextmanager
async def _running(job: Coroutine[Any, Any, None], stop: asyncio.Event) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:  # an error of the job ends the block at once
        group.create_task(job)
        yield
        stop.set()
