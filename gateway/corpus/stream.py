"""The stream of samples: every event depends on the seed and on its own place, on nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from gateway.corpus.draft import Draft
from gateway.corpus.people import Population
from gateway.corpus.sample import Sample
from gateway.corpus.systems import Plan, compile_plan

START = datetime(2026, 11, 1, tzinfo=UTC)

_STREAM = 0  # of the dice; people roll on stream 1
_STEP_MILLISECONDS = 400  # between two events, on the whole


def generate(  # noqa: PLR0913  # every knob has a default; two names say what is wanted
    seed: int,
    events: int,
    *,
    mix: Mapping[str, float] | None = None,
    tenants: Sequence[str] | None = None,
    clean: bool = False,
    text_scale: float = 1.0,
    start_time: datetime = START,
    first: int = 0,
) -> Iterator[Sample]:
    """Generate the events ``first`` up to ``first + events`` of a seed, one at a time.

    ``mix`` gives kinds of events a share each, ``tenants`` keeps some of the five systems,
    ``clean`` writes events with hard negatives and nobody's data, ``text_scale`` stretches notes,
    transcripts and posts. An event is the same whatever range it is generated in.

    Raises ValueError at once for a kind or tenant that does not exist or a negative number.
    """
    if min(seed, events, text_scale, first) < 0:
        raise ValueError("seed, events, text_scale and first are 0 or more")
    plan = compile_plan(mix, tenants, clean=clean)
    draft = Draft(Population(seed), text_scale)
    return (_sample(draft, plan, seed, place, start_time) for place in range(first, first + events))


def _sample(draft: Draft, plan: Plan, seed: int, place: int, start: datetime) -> Sample:
    dice = draft.dice
    dice.start(seed, _STREAM, place)
    lot = plan.draw(dice.roll())
    draft.begin(lot.system.tenant, lot.place, lot.system.cultures)
    elapsed = place * _STEP_MILLISECONDS + dice.below(_STEP_MILLISECONDS)
    event = {
        "type": lot.kind,
        "id": f"e{dice.bits(24):06x}{place:06x}",
        "time": _instant(start + timedelta(milliseconds=elapsed)),
        "tenant": lot.system.tenant,
    }
    key, content = lot.write(draft)
    event.update(content)
    return Sample(event, draft.labels, key)


def _instant(time: datetime) -> str:
    return f"{time.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z"
