"""The command that writes a corpus: generated events of five systems, to files or to Kafka."""

import asyncio
from collections.abc import Iterable
from typing import BinaryIO

import click

from gateway.cli.generated import events_option, seed_option
from gateway.cli.quiet import quiet
from gateway.corpus import Sample, generate
from gateway.corpus.output import write
from gateway.corpus.produce import produce


@click.command(
    "corpus",
    epilog="Example: sluicegate corpus --events 5000 --kafka localhost:9092 --topic crm",
)
@events_option(1000)
@seed_option(0)
@click.option("--skip", type=click.IntRange(min=0), default=0, help="Begin after so many events.")
@click.option(
    "--tenant", "tenants", multiple=True, help="Only this system, such as smiloai; may be repeated."
)
@click.option("--clean", is_flag=True, help="Only hard negatives: nobody's data anywhere.")
@click.option(
    "--text-scale",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Stretches notes and messages.",
)
@click.option("--rate", type=click.FloatRange(min=0), default=0.0, help="Events a second; 0: all.")
@click.option("--out", type=click.File("wb"), default="-", help="A file, or - for standard output.")
@click.option("--labels", type=click.File("wb"), help="Write where personal data was planted.")
@click.option("--kafka", "bootstrap", metavar="BOOTSTRAP", help="Produce to Kafka instead.")
@click.option("--topic", help="The topic to produce to.")
def corpus(  # noqa: PLR0913  # one parameter an option
    *,
    events: int,
    seed: int,
    skip: int,
    tenants: tuple[str, ...],
    clean: bool,
    text_scale: float,
    rate: float,
    out: BinaryIO,
    labels: BinaryIO | None,
    bootstrap: str | None,
    topic: str | None,
) -> None:
    """Write generated events of five systems as JSON lines, or produce them to Kafka.

    The same seed gives the same events everywhere. Nobody in them exists.
    """
    if (bootstrap is None) != (topic is None):
        raise click.UsageError("--kafka and --topic belong together")
    if bootstrap is not None and labels is not None:
        raise click.UsageError("--labels number the lines of --out; they do not go with --kafka")
    try:
        samples = generate(
            seed, events, tenants=tenants or None, clean=clean, text_scale=text_scale, first=skip
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if bootstrap is not None and topic is not None:
        _to_kafka(samples, bootstrap, topic, rate)
    else:
        write(samples, out, labels, events_per_second=rate)


def _to_kafka(samples: Iterable[Sample], bootstrap: str, topic: str, rate: float) -> None:
    with quiet():
        count = asyncio.run(produce(samples, bootstrap, topic, events_per_second=rate))
    click.echo(f"{count:,} events are in {topic}", err=True)
