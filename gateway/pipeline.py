"""The main path, top to bottom: decode, scan, decide, render, record. Read this file first.

A batch of records goes in and an ``Outcome`` comes out: every view's records, what went to
quarantine, and the audit rows. The transport commits all of it together with the input position,
or nothing of it. Nothing here does I/O, except that references for new data subjects are made
durable in the identity vault before the batch returns.
"""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
import numpy as np

from detectors.leaves import Integers, Leaves
from detectors.scanner import Engine, Findings
from detectors.walk import Shapes
from gateway import telemetry
from gateway.codec import Decoder, Event, Reject, text_of
from gateway.config import Input, Limits
from gateway.exact import reread
from gateway.instruments import Stopwatch
from gateway.observe import Observer, telling
from gateway.policy import Cell, Policy
from gateway.quarantine import quarantined
from gateway.record import Entry, Rows
from gateway.render import HEADER, HEADER_NAME, KEY, TRACE, Renderer
from gateway.sight import Sights, sum_up
from gateway.stream import Audit, Batch, Out, Outcome
from gateway.subjects import MOST_PEOPLE, Subject, SubjectFinder
from gateway.tokens import Keyring
from gateway.vault import Vault
from schemas.access import UNREAD, Action, Decision, Reason, Subscription
from schemas.audit import Access, Resource, WireMeta
from schemas.category import by_code
from schemas.event import UNKNOWN, Contract, Field

Clock = Callable[[], int]  # microseconds since 1970, UTC
Show = Callable[[int, Event], Out | None]


class Tenant(msgspec.Struct, frozen=True):
    """What belongs to the tenant of an input: its policy, its keys, its people."""

    policy: Policy
    keyring: Keyring
    vault: Vault


class Reader(msgspec.Struct, frozen=True):
    """One subscription with what its policy makes of it: the cell, and its audit rows' access."""

    name: str
    cell: Cell
    access: Access


class Verdicts(msgspec.Struct, frozen=True):
    """What is known of the events of a batch, and what each reader gets of them.

    ``people`` are the subjects of the events one after the other; ``sights`` knows whose are whose.
    Reader ``r`` gets ``decisions[r][which[e]]`` of event ``e``: events in which the same was found
    share their decisions.
    """

    people: list[Subject]
    sights: Sights
    decisions: list[list[Decision]]
    which: Integers


class Pipeline:
    """The path of one input. Keeps what can be known beforehand; one thread at a time."""

    def __init__(  # noqa: PLR0913 - what a path is made of; all of it is given by its opener
        self,
        source: Input,
        subscriptions: Sequence[Subscription],
        tenant: Tenant,
        engine: Engine,
        contracts: Mapping[str, Contract],
        limits: Limits,
        *,
        clock: Clock = lambda: time.time_ns() // 1000,
    ) -> None:
        self._source = source
        self._tenant = tenant
        self._engine = engine
        self._limits = limits
        self._clock = clock
        self._contracts = {**contracts, UNKNOWN.kind: UNKNOWN, "tombstone": UNKNOWN}
        self._decoder = Decoder(source, limits, tuple(contracts))
        self._shapes = Shapes(contracts, engine.hints, self._decoder.checked())
        key_bit = by_code()[source.key_category].bit if source.key_category else -1
        self._key_node = self._shapes.lone("#key", field=Field(bit=key_bit), alone=True)
        self._readers = [
            reader(subscription, tenant.policy)
            for subscription in subscriptions
            if source.name in subscription.inputs
        ]
        self._resources = {
            kind: Resource(one.kind, one.class_uid, one.type_uid, one.operation)
            for kind, one in self._contracts.items()
        }
        self._free_text = {
            kind: [path for path, field in one.fields.items() if field.free_text]
            for kind, one in self._contracts.items()
        }
        self._subjects = SubjectFinder(source.tenant, tenant.keyring, tenant.vault, self._contracts)
        self._observed = Observer(tenant.keyring)
        self._thresholds = np.array(tenant.policy.thresholds, np.float32)

    def __call__(self, batch: Batch) -> Outcome:
        """Return what becomes of a batch. Never raises for what a record contains."""
        parents = (
            value for record in batch.records for name, value in record.headers if name == TRACE
        )
        count = len(batch.records)
        with telemetry.batch_span(batch.topic, batch.partition, count, parents), uncollected():
            return self._outcome(batch)

    def _outcome(self, batch: Batch) -> Outcome:
        watch = Stopwatch()
        events, leaves, rejects = self._decode(batch)
        watch.lap("decode")
        findings = self._scan(leaves)
        watch.lap("scan")
        verdicts = self._decide(events, leaves, findings)
        watch.lap("decide")
        views, held = self._render(events, leaves, verdicts)
        watch.lap("render")
        # What the policy holds back has its readers' rows.
        audit = self._record(batch, events, leaves, verdicts, rejects)
        quarantine = [self._quarantined(batch, reject) for reject in rejects + held]
        watch.lap("record")
        self._report(batch, verdicts, rejects + held, watch)
        return Outcome(views, quarantine, [audit])

    def reject(self, batch: Batch, reason: Reason) -> Outcome:
        """Return the outcome that sends a whole batch to quarantine: what could not be processed.

        Records that could not be sent keep their coordinates and digest only: they may be too big.
        """
        rejects = [Reject(record, reason) for record in batch.records]
        verdicts = self._decide([], Leaves(), Findings([], []))
        audit = self._record(batch, [], Leaves(), verdicts, rejects)
        held = [self._quarantined(batch, reject, 0) for reject in rejects]
        return Outcome({one.name: [] for one in self._readers}, held, [audit])

    # 1. decode: bytes to events and their leaves; what can't be decoded is a Reject.

    def _decode(self, batch: Batch) -> tuple[list[Event], Leaves, list[Reject]]:
        leaves = Leaves()
        events: list[Event] = []
        rejects: list[Reject] = []
        decode = self._decoder.decode
        for record in batch.records:
            event = decode(record)
            if not isinstance(event, Event):
                rejects.append(Reject(record, event))
                continue
            fits = self._walk(event, leaves)
            if leaves.has_floats:
                exactly = reread(record.value, leaves)
                if exactly is not None:
                    leaves.drop()
                    event.body = exactly
                    fits = self._walk(event, leaves)
            if not fits:
                leaves.drop()
                rejects.append(Reject(record, Reason.TOO_DEEP))
                continue
            # Names of fields don't count: which of them are leaves depends on what came before.
            size = len(leaves.texts) - leaves.starts[-1]
            is_big = size > self._limits.leaves and leaves.values() > self._limits.leaves
            if is_big or leaves.people_here() > MOST_PEOPLE:
                leaves.drop()
                rejects.append(Reject(record, Reason.TOO_MANY_LEAVES))
                continue
            leaves.starts.append(len(leaves.texts))
            events.append(event)
        return events, leaves, rejects

    def _walk(self, event: Event, leaves: Leaves) -> bool:
        """Append the leaves of an event; say False where it is too deep."""
        if event.record.key is not None or event.record.headers:
            self._outside(event, leaves)
        root = self._shapes.root(event.kind)
        if event.body is not None:
            return self._shapes.walk(event.body, root, leaves, self._limits.depth)
        leaves.begin(root, None)
        return True

    def _outside(self, event: Event, leaves: Leaves) -> None:
        """Add the leaves of a record's key and headers: they are treated like fields."""
        key = text_of(event.record.key)
        if key:
            leaves.outside(key, self._key_node, KEY)
        headers = self._shapes.beside("#headers")
        for number, (name, value) in enumerate(event.record.headers):
            node = headers.children.get(name)
            if node is None:
                node = self._shapes.child(headers, name)
                leaves.grown.append((len(leaves.texts), headers, name, node))
                leaves.outside(name, self._shapes.name, HEADER_NAME, number)
            text = text_of(value)
            if text and name != TRACE:
                leaves.outside(text, node, HEADER, number)

    # 2. scan: one pass over all leaves; names of fields without a finding are remembered.

    def _scan(self, leaves: Leaves) -> Findings:
        findings = self._engine.scan(leaves)
        if leaves.grown:
            self._shapes.settle(leaves, {one.leaf for one in findings.spans})
        return findings

    # 3. decide: whom it is about, what was found, what each reader gets; by table look-up.

    def _decide(self, events: list[Event], leaves: Leaves, findings: Findings) -> Verdicts:
        people = self._subjects.find(events, leaves)
        kinds = [event.kind for event in events]
        sights = sum_up(leaves, findings, self._thresholds, kinds, self._engine.entities)
        seen = sights.masks
        if leaves.unread:
            seen = seen.copy()
            seen[leaves.events(leaves.unread)] |= UNREAD
        masks, which = np.unique(seen, return_inverse=True)
        decisions = [[one.cell.decide(mask) for mask in masks.tolist()] for one in self._readers]
        return Verdicts(people, sights, decisions, which)

    # 4. render: one view for each distinct decision; readers that see the same share the bytes.

    def _render(
        self, events: list[Event], leaves: Leaves, verdicts: Verdicts
    ) -> tuple[dict[str, list[Out]], list[Reject]]:
        views: list[list[Out]] = [[] for _ in self._readers]
        answers = list(zip(*verdicts.decisions, strict=True))
        ways = [self._ways(answer) for answer in answers]
        shows: list[list[tuple[Show, list[list[Out]]]]] = [[] for _ in ways]
        for place, one in enumerate(self._readers):
            mine = [at for at, way in enumerate(ways) if place in way]
            shown = np.isin(verdicts.which, mine)
            renderer = Renderer(
                leaves, verdicts.sights, shown, one.cell, self._tenant.keyring, self._free_text
            )
            for at in mine:
                readers = ways[at][place]
                show = renderer.view if readers else renderer.tombstone
                shows[at].append((show, [views[reader] for reader in readers or [place]]))
        which = verdicts.which.tolist() if answers else []
        for number, (event, at) in enumerate(zip(events, which, strict=False)):
            for show, shared in shows[at]:
                out = show(number, event)
                if out is not None:
                    for view in shared:
                        view.append(out)
        stopped = {
            at: one.reason
            for at, answer in enumerate(answers)
            for one in answer
            if one.action is Action.QUARANTINE
        }
        held = [
            Reject(event.record, stopped[at])
            for event, at in zip(events, which, strict=False)
            if at in stopped
        ]
        return {one.name: view for one, view in zip(self._readers, views, strict=True)}, held

    def _ways(self, answer: Sequence[Decision]) -> dict[int, list[int]]:
        """Return whose renderer shows events with these decisions, and to which readers.

        A renderer without a reader writes its own reader a tombstone.
        """
        first: dict[int, int] = {}
        ways: dict[int, list[int]] = {}
        for place, decision in enumerate(answer):
            if decision.action <= Action.MASK:
                ways.setdefault(first.setdefault(decision.share, place), []).append(place)
            elif self._source.compacted:
                ways[place] = []  # an older value must not stay readable behind a denied one
        return ways

    # 5. record: a row for each event × subject × access.

    def _record(
        self,
        batch: Batch,
        events: list[Event],
        leaves: Leaves,
        verdicts: Verdicts,
        rejects: list[Reject],
    ) -> Audit:
        now, sights = self._clock(), verdicts.sights
        entries = [
            Entry(event.record.offset, event.time, self._resources[event.kind]) for event in events
        ]
        rows = Rows(entries, verdicts.people, sights)
        for one, decisions in zip(self._readers, verdicts.decisions, strict=True):
            rows.delivered(one.access, decisions, verdicts.which, now)
        told = telling(leaves, sights.spans)
        for number, report in enumerate(leaves.reports):
            if report is not None:
                access = self._observed(report[1:], told.get(number, frozenset()))
                rows.observed(number, access, int(sights.masks[number]), now)
        for reject in rejects:
            entry = Entry(reject.record.offset, None, self._resources[UNKNOWN.kind])
            rows.rejected(entry, reject.reason, now)
        return Audit(rows.encode(self._meta(batch, now)), consumed(batch, self._source.tenant))

    def _meta(self, batch: Batch, now: int) -> WireMeta:
        policy = self._tenant.policy
        return WireMeta(
            tenant=self._source.tenant,
            controller_uid=policy.controller_uid,
            source=batch.input,
            topic=batch.topic,
            partition=batch.partition,
            first=batch.first,
            next=batch.next,
            count=len(batch.records),
            logged_time=now,
            policy_version=policy.version,
            accesses=(),
            resources=(),
            reasons=(),
            jurisdictions=(),
            subject_kinds=(),
        )

    def _quarantined(self, batch: Batch, reject: Reject, cap: int | None = None) -> Out:
        limit = self._limits.quarantine_bytes if cap is None else cap
        keyring, tenant = self._tenant.keyring, self._source.tenant
        return quarantined(keyring, tenant, batch, reject.record, reject.reason, limit)

    def _report(
        self, batch: Batch, verdicts: Verdicts, rejects: list[Reject], watch: Stopwatch
    ) -> None:
        times = np.bincount(verdicts.which).tolist()
        decided: Counter[str] = Counter()
        for decisions in verdicts.decisions:
            for decision, count in zip(decisions, times, strict=True):
                decided[decision.action.name] += count
        telemetry.batch_processed(
            batch.input,
            events=len(batch.records),
            size=sum([len(record.value or b"") for record in batch.records]),
            findings=verdicts.sights.by_entity(),
            decisions=decided,
            rejects=Counter(reject.reason.value for reject in rejects),
            stages=watch.laps,
        )


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector away: a batch makes 100,000 containers and no cycle of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def reader(subscription: Subscription, policy: Policy) -> Reader:
    """Return a subscription with its cell of the policy and what its audit rows share."""
    cell = policy.cell(subscription.role, subscription.purpose)
    access = Access(
        kind="delivered",
        subscription=subscription.name,
        principal_uid=subscription.principal,
        principal_type=cell.principal_type,
        role=subscription.role,
        purpose=cell.purpose,
        legal_basis=cell.legal_basis,
        recipient=subscription.recipient,
        dst_region=subscription.region,
        transfer_safeguard=policy.safeguard(subscription.recipient),
        rule_uid=cell.rule_uid,
    )
    return Reader(subscription.name, cell, access)


def consumed(batch: Batch, tenant: str) -> list[tuple[str, bytes]]:
    """Return the headers that say which input range an audit record covers."""
    return [
        ("sluicegate-tenant", tenant.encode()),
        ("sluicegate-input", batch.input.encode()),
        ("sluicegate-topic", batch.topic.encode()),
        ("sluicegate-partition", str(batch.partition).encode()),
        ("sluicegate-first", str(batch.first).encode()),
        ("sluicegate-next", str(batch.next).encode()),
        ("sluicegate-count", str(len(batch.records)).encode()),
    ]
