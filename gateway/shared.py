"""An input that several tenants write: each event goes the way of the tenant that it names."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter

import orjson
from msgspec.structs import replace

from gateway.codec import at
from gateway.config import Input, Limits
from gateway.pipeline import Pipeline
from gateway.stream import Batch, Out, Outcome, Record
from schemas.access import Reason
from schemas.event import pointer


def of_tenant(source: Input, tenant: str) -> Input:
    """Return the input as one of its tenants has it: it takes nobody else's events."""
    return replace(source, tenant=tenant, tenants=(tenant,) if source.tenants else ())


class Shared:
    """The paths of one input, by tenant; each decides by its own policy and seals with its own key.

    An event that names no tenant of the input goes the way of the input's own, which refuses it.
    Every tenant accounts for every batch, so that the ranges in the trail have no hole.
    """

    def __init__(self, source: Input, pipelines: Mapping[str, Pipeline], limits: Limits) -> None:
        self._pipelines = pipelines
        self._own = source.tenant
        self._path = pointer(source.tenant_pointer)
        self._limits = limits

    def __call__(self, batch: Batch) -> Outcome:
        """Return what becomes of a batch. Never raises for what a record contains."""
        return self._merged(batch, lambda pipeline, part: pipeline(part))

    def reject(self, batch: Batch, reason: Reason) -> Outcome:
        """Return the outcome that sends a whole batch to quarantine, under the tenants' own keys."""
        return self._merged(batch, lambda pipeline, part: pipeline.reject(part, reason))

    def _merged(self, batch: Batch, call: Callable[[Pipeline, Batch], Outcome]) -> Outcome:
        parts: dict[str, list[Record]] = {tenant: [] for tenant in self._pipelines}
        for record in batch.records:
            parts[self._tenant(record)].append(record)
        outcomes = [
            call(self._pipelines[tenant], replace(batch, records=records))
            for tenant, records in parts.items()
        ]
        views = {
            name: _in_order([outcome.views[name] for outcome in outcomes])
            for name in outcomes[0].views
        }
        quarantine = _in_order([outcome.quarantine for outcome in outcomes])
        return Outcome(views, quarantine, [each for one in outcomes for each in one.audits])

    def _tenant(self, record: Record) -> str:
        value = record.value
        if value is None or len(value) > self._limits.event_bytes:
            return self._own
        try:
            named = at(orjson.loads(value), self._path)
        except orjson.JSONDecodeError:
            return self._own
        return named if type(named) is str and named in self._pipelines else self._own


def _in_order(some: Sequence[Sequence[Out]]) -> list[Out]:
    return sorted(chain.from_iterable(some), key=itemgetter(0))
