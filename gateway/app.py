"""The gateway as a library: settings in, batches in, views and audit rows out."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import pyarrow as pa

from gateway.config import Input, Settings
from gateway.detection import open_engine
from gateway.expand import expand
from gateway.pipeline import Clock, Pipeline, Tenant
from gateway.policy import Policy, load_policy
from gateway.settings_file import load_settings
from gateway.shared import Shared, of_tenant
from gateway.stream import Batch, Line, Out
from gateway.tokens import Keyring, load_keys
from gateway.vault import Vault
from schemas.event import contracts


class Result(msgspec.Struct, frozen=True):
    """What some events became. ``rows`` are the audit rows, in the columns of the lake.

    ``views`` has the records that each subscription to the input gets; a denied event is in none.
    """

    views: Mapping[str, list[Out]]
    quarantine: list[Out]
    rows: pa.Table


class Gateway:
    """Policies, keys, rules and the identity vault, opened once; one pipeline an input.

    For one thread at a time. Opening it reads policies and keys and opens the vault, which is made
    where there is none; it consumes nothing. ``policies`` and
    ``keyrings`` have, by tenant, what was read already. Raises StartError with what is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = lambda: time.time_ns() // 1000,
        policies: Mapping[str, Policy] | None = None,
        keyrings: Mapping[str, Keyring] | None = None,
    ) -> None:
        self.settings = settings
        named = {name for source in settings.inputs for name in (source.tenant, *source.tenants)}
        if policies is None:
            policies = {name: load_policy(settings.policies[name]) for name in named}
        if keyrings is None:
            keyrings = {name: load_keys(settings.keys[name], name) for name in named}
        engine = open_engine(settings)
        self._vault = _opened(settings)
        tenants = {name: Tenant(policies[name], keyrings[name], self._vault) for name in named}

        def pipeline(source: Input) -> Pipeline:
            return Pipeline(
                source,
                settings.subscriptions,
                tenants[source.tenant],
                engine,
                contracts(),
                settings.limits,
                clock=clock,
            )

        self.pipelines: dict[str, Pipeline | Shared] = {}
        for source in settings.inputs:
            if len(source.tenants) > 1:
                ways = {one: pipeline(of_tenant(source, one)) for one in source.tenants}
                self.pipelines[source.name] = Shared(source, ways, settings.limits)
            else:
                self.pipelines[source.name] = pipeline(source)

    @classmethod
    def open(cls, path: Path | str, environ: Mapping[str, str] | None = None) -> Self:
        """Open the gateway of a settings file; ``environ`` overrides single values of it."""
        return cls(load_settings(Path(path), environ))

    def process(self, name: str, values: Iterable[bytes], *, first: int = 0) -> Result:
        """Return what events of the input ``name`` become; ``first`` is the first one's offset.

        Nothing is written but new people's references in the vault. Raises KeyError for an input
        that the settings do not have, and never for what an event contains.
        """
        if name not in self.pipelines:
            raise KeyError(f"no input {name!r}; the settings have {', '.join(self.pipelines)}")
        records = [Line(first + number, value) for number, value in enumerate(values)]
        batch = Batch(name, name, 0, first, first + len(records), records)
        outcome = self.pipelines[name](batch)
        rows = pa.concat_tables([expand(each.stream) for each in outcome.audits])
        return Result(outcome.views, outcome.quarantine, rows)

    def close(self) -> None:
        """Close the vault. Everything that was returned is durable there."""
        self._vault.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _opened(settings: Settings) -> Vault:
    path = settings.at(settings.vault.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return Vault.open(path)
