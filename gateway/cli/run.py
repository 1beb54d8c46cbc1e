"""The commands that move events: run the gateway, land its trail, filter standard input."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from msgspec.structs import replace

from gateway import telemetry
from gateway.app import Gateway
from gateway.cli.output import counted
from gateway.cli.quiet import quiet
from gateway.cli.settings import read_kafka_settings, read_settings, settings_option
from gateway.config import Settings
from gateway.errors import SettingsError
from gateway.files import run_files
from gateway.filter import run_filter
from gateway.kafka import topics
from gateway.kafka.lander import run_lander
from gateway.kafka.lane import Faults, no_fault
from gateway.kafka.worker import run_worker
from gateway.readiness import Ready, ensure_ready
from gateway.supervisor import supervise

_HERE = (sys.executable, "-m", "gateway.cli")

empty_store_option = click.option(
    "--accept-empty-store",
    is_flag=True,
    help="Begin a new trail where the old one's segments are gone.",
)


@click.command(epilog="Example: sluicegate run --workers 2")
@settings_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Kafka: how many processes.",
)
@click.option("--no-land", is_flag=True, help="Kafka: leave the landing to `sluicegate land`.")
@click.option("--child", "worker", type=click.IntRange(min=0), hidden=True, help="Be this worker.")
@click.option(
    "--accept-lost",
    is_flag=True,
    help="Kafka: go on behind records that retention removed unread, or that are damaged on disk."
    " The trail covers their range, and the log names it.",
)
@empty_store_option
def run(
    settings_path: Path,
    *,
    workers: int,
    no_land: bool,
    worker: int | None,
    accept_lost: bool,
    accept_empty_store: bool,
) -> None:
    """Run the gateway: over files to their end, on Kafka until SIGTERM.

    On Kafka it keeps N workers and a lander alive as processes of its own. Settings, policies,
    keys, inputs and topics are checked before anything is consumed.

    Exits with 0 at the end, or once it is drained. What an operator must mend ends it with 2
    (settings, policies, the vault), 3 (keys), 4 (broker, topics, access), 5 (the trail) or 6
    (positions of the group); anything else is tried again.
    """
    settings = read_settings(settings_path)
    if worker is not None:
        asyncio.run(work(settings, worker, accept_lost=accept_lost))
        return
    with quiet():
        ready = ensure_ready(settings)
    if settings.transport.kind == "files":
        _over_files(settings, ready)
        return
    place = ["--settings", str(settings_path)]
    lost = ["--accept-lost"] if accept_lost else []
    numbers = [str(number) for number in range(workers)]
    stages = [[[*_HERE, "run", *place, *lost, "--child", number] for number in numbers]]
    if not no_land:
        accept = ["--accept-empty-store"] if accept_empty_store else []
        stages.append([[*_HERE, "land", *place, "--child", str(workers), *accept]])
    with _telemetry(settings, workers + 1):
        code = supervise(stages, settings.transport.drain_seconds)
    if code:
        sys.exit(code)


@click.command()
@settings_option
@click.option(
    "--child", "number", type=click.IntRange(min=0), hidden=True, help="Be this child of run."
)
@empty_store_option
def land(settings_path: Path, *, number: int | None, accept_empty_store: bool) -> None:
    """Land the audit topic as Parquet segments, until SIGTERM. Needs no policy and no key.

    Exits with 0 once it is drained, 2 for settings, 4 for the broker, topics or access, 5 where
    going on would hide a gap in the trail.
    """
    settings = read_kafka_settings(settings_path)
    if number is None:  # a child was started where all was there, and outlives the broker
        with quiet():
            asyncio.run(topics.verify(settings))
    asyncio.run(_land(settings, number or 0, accept_empty_store=accept_empty_store))


@click.command(
    "filter", epilog="Example: sluicegate filter --input events --subscription sales < in.jsonl"
)
@settings_option
@click.option("--input", "name", required=True, help="The input whose tenant's events these are.")
@click.option("--subscription", required=True, help="The reader whose view is written.")
def filter_(settings_path: Path, *, name: str, subscription: str) -> None:
    """Turn JSON lines on standard input into one reader's view on standard output.

    The audit trail lands in the lake before a line is written. What cannot be processed goes to
    quarantine below the settings' out folder.
    """
    settings = read_settings(settings_path)
    with quiet():
        ready = ensure_ready(settings, inputs=False)
    sources = tuple(each for each in settings.inputs if each.name == name)
    readers = tuple(
        each for each in settings.subscriptions if each.name == subscription and name in each.inputs
    )
    if not (sources and readers):
        problem = f"no subscription {subscription!r} to an input {name!r}"
        raise SettingsError(str(settings_path), [problem])
    settings = replace(settings, inputs=sources, subscriptions=readers)  # nobody else reads this
    with Gateway(settings, **ready._asdict()) as gateway:
        run_filter(settings, name, subscription, gateway.pipelines[name], (0, 1))


async def work(
    settings: Settings, number: int, *, faults: Faults = no_fault, accept_lost: bool = False
) -> None:
    """Be worker ``number`` of the consumer group until SIGTERM or SIGINT, then drain and return."""
    stop = _on_signals()
    with _telemetry(settings, number), Gateway(settings) as gateway:
        rejects = {name: one.reject for name, one in gateway.pipelines.items()}
        await run_worker(
            settings,
            gateway.pipelines,
            rejects,
            stop=stop,
            faults=faults,
            accept_lost=accept_lost,
        )


async def _land(settings: Settings, number: int, *, accept_empty_store: bool) -> None:
    stop = _on_signals()
    with _telemetry(settings, number):
        await run_lander(settings, stop=stop, accept_empty_store=accept_empty_store)


def _over_files(settings: Settings, ready: Ready) -> None:
    with (
        _telemetry(settings),
        _signals() as signalled,
        Gateway(settings, **ready._asdict()) as gateway,
    ):
        done = run_files(settings, gateway.pipelines, stopped=signalled)
    for name, one in done.items():
        held = f", {one.held:,} of them to quarantine" if one.held else ""
        lines = counted(one.next - one.first, "line")
        click.echo(f"{name}: {lines}{held}, {one.next:,} in all")
    click.echo(f"views below {settings.at(settings.transport.out)}")


@contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """Say, as long as it lasts, whether SIGTERM or SIGINT came; neither ends the process."""
    came: list[int] = []

    def note(number: int, _frame: object) -> None:
        came.append(number)

    before = {each: signal.signal(each, note) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(came)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _telemetry(settings: Settings, number: int = 0) -> Iterator[None]:
    telemetry.configure(settings.telemetry, worker=number, out=sys.stderr)
    telemetry.quiet_libraries()
    try:
        yield
    finally:
        telemetry.shutdown()


def _on_signals() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    return stop
