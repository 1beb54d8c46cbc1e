"""The main path, top to bottom: decode, scan, decide, render, record. Read this file first.

A batch of records goes in and an ``Outcome`` comes out: every view's records, what went to
quarantine, and the audit rows. The transport commits all of it together with the input position,
or nothing of it. Nothing here does I/O, except that references for new data subjects are made
durable in the identity vault before the batch returns.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec

from detectors.scanner import Engine, Findings
from detectors.walk import Leaves, Shapes
from gateway import telemetry
from gateway.codec import Decoder, Event, Reject, text_of
from gateway.config import Input, Limits
from gateway.observe import access_of
from gateway.policy import Cell, Policy
from gateway.quarantine import quarantined
from gateway.record import Rows, observed, rejected
from gateway.render import HEADER, KEY, TRACE, Renderer
from gateway.sight import Sight, Tally, sum_up
from gateway.stream import Batch, Out, Outcome
from gateway.subjects import NOBODY, Subject, SubjectFinder
from gateway.tokens import Keyring
from gateway.vault import Vault
from schemas.access import Action, Decision, Reason, Subscription
from schemas.audit import Access, Resource, WireMeta
from schemas.category import by_code
from schemas.event import UNKNOWN, Contract, Field

NOTHING = Sight(0, [], [], (0,), (0,), 1.0, 0)
Clock = Callable[[], int]  # microseconds since 1970, UTC


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


class Verdict(msgspec.Struct, gc=False):
    """One event with what was found in it and what each reader gets, in the order of the readers."""

    event: Event
    sight: Sight
    decisions: list[Decision]


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
        self._subjects = SubjectFinder(source.tenant, tenant.keyring, tenant.vault)

    def __call__(self, batch: Batch) -> Outcome:
        """Return what becomes of a batch. Never raises for what a record contains."""
        parents = (
            value for record in batch.records for name, value in record.headers if name == TRACE
        )
        with telemetry.batch_span(batch.topic, batch.partition, len(batch.records), parents):
            return self._outcome(batch)

    def _outcome(self, batch: Batch) -> Outcome:
        watch = telemetry.Stopwatch()
        events, leaves, rejects = self._decode(batch)
        watch.lap("decode")
        findings = self._scan(leaves)
        watch.lap("scan")
        verdicts, subjects, tally = self._decide(events, leaves, findings)
        watch.lap("decide")
        views, held = self._render(verdicts, leaves)
        watch.lap("render")
        audit = self._record(batch, verdicts, subjects, rejects + held, tally)
        quarantine = [self._quarantined(batch, reject) for reject in rejects + held]
        watch.lap("record")
        self._report(batch, verdicts, rejects + held, tally, watch)
        return Outcome(views, quarantine, audit, consumed(batch))

    def reject(self, batch: Batch, reason: Reason) -> Outcome:
        """Return the outcome that sends a whole batch to quarantine: what could not be processed.

        Records that could not be sent keep their coordinates and digest only: they may be too big.
        """
        rejects = [Reject(record, reason) for record in batch.records]
        audit = self._record(batch, [], [], rejects, Tally())
        held = [self._quarantined(batch, reject, 0) for reject in rejects]
        return Outcome({one.name: [] for one in self._readers}, held, audit, consumed(batch))

    # 1. decode: bytes to events and their leaves; what can't be decoded is a Reject.

    def _decode(self, batch: Batch) -> tuple[list[Event], Leaves, list[Reject]]:
        leaves = Leaves()
        events: list[Event] = []
        rejects: list[Reject] = []
        decode, shapes, depth = self._decoder.decode, self._shapes, self._limits.depth
        for record in batch.records:
            event = decode(record)
            if not isinstance(event, Event):
                rejects.append(Reject(record, event))
                continue
            mark = leaves.mark()
            if record.key is not None or record.headers:
                self._outside(event, leaves)
            if event.body is None:
                leaves.roots.append(-1)
            elif not shapes.walk(event.body, shapes.root(event.kind), leaves, depth):
                leaves.truncate(mark)
                rejects.append(Reject(record, Reason.TOO_DEEP))
                continue
            if len(leaves.texts) - leaves.starts[-1] > self._limits.leaves:
                leaves.truncate(mark)
                rejects.append(Reject(record, Reason.TOO_MANY_LEAVES))
                continue
            leaves.starts.append(len(leaves.texts))
            events.append(event)
        return events, leaves, rejects

    def _outside(self, event: Event, leaves: Leaves) -> None:
        """Add the leaves of a record's key and headers: they are treated like fields."""
        key = text_of(event.record.key)
        if key:
            leaves.add(key, self._key_node, KEY, None)
        for number, (name, value) in enumerate(event.record.headers):
            text = text_of(value)
            if text and name != TRACE:
                leaves.add(text, self._shapes.lone("#headers", name), HEADER, number)

    # 2. scan: one pass over all leaves; names of fields without a finding are remembered.

    def _scan(self, leaves: Leaves) -> Findings:
        findings = self._engine.scan(leaves)
        if leaves.grown:
            self._shapes.settle(leaves, {one.leaf for one in findings.spans})
        return findings

    # 3. decide: categories to actions, by table look-up.

    def _decide(
        self, events: list[Event], leaves: Leaves, findings: Findings
    ) -> tuple[list[Verdict], list[tuple[Subject, ...]], Tally]:
        contracts = self._contracts
        subjects = self._subjects.find([(event, contracts[event.kind]) for event in events])
        people = [len(some) for some in subjects]
        sights, tally = sum_up(leaves, findings, self._tenant.policy.thresholds, people)
        decide = [one.cell.decide for one in self._readers]
        verdicts = [
            Verdict(event, sight, [answer(sight.mask) for answer in decide])
            for event, sight in zip(events, sights, strict=True)
        ]
        return verdicts, subjects, tally

    # 4. render: one view for each distinct decision; readers that see the same share the bytes.

    def _render(
        self, verdicts: list[Verdict], leaves: Leaves
    ) -> tuple[dict[str, list[Out]], list[Reject]]:
        views: list[list[Out]] = [[] for _ in self._readers]
        held: list[Reject] = []
        renderers = [
            Renderer(leaves, cell.actions, self._tenant.keyring, withhold=cell.withhold_free_text)
            for cell in [one.cell for one in self._readers]
        ]
        compacted = self._source.compacted
        for number, verdict in enumerate(verdicts):
            made: dict[int, Out] = {}
            for place, decision in enumerate(verdict.decisions):
                if decision.action <= Action.MASK:
                    out = made.get(decision.share)
                    if out is None:
                        out = renderers[place].view(number, verdict.event, verdict.sight)
                        made[decision.share] = out
                    views[place].append(out)
                elif compacted and verdict.event.record.key is not None:
                    # An older value must not stay readable behind a denied one.
                    out = renderers[place].tombstone(verdict.event, verdict.sight)
                    views[place].append(out)
            if any(one.action == Action.QUARANTINE for one in verdict.decisions):
                held.append(Reject(verdict.event.record, Reason.POLICY_QUARANTINE))
        return {one.name: view for one, view in zip(self._readers, views, strict=True)}, held

    # 5. record: a row for each event × subject × access.

    def _record(
        self,
        batch: Batch,
        verdicts: list[Verdict],
        subjects: list[tuple[Subject, ...]],
        rejects: list[Reject],
        tally: Tally,
    ) -> bytes:
        rows, now = Rows(), self._clock()
        answers: list[dict[int, int]] = [{} for _ in self._readers]
        for verdict, people in zip(verdicts, subjects, strict=True):
            event, sight = verdict.event, verdict.sight
            contract = self._contracts[event.kind]
            resource = self._resources[event.kind]
            facts = rows.event(event.record.offset, resource, event.time, sight, people)
            for place, decision in enumerate(verdict.decisions):
                answer = answers[place].get(sight.mask)
                if answer is None:
                    answer = rows.answer(self._readers[place].access, decision)
                    answers[place][sight.mask] = answer
                rows.add(facts, answer, now)
            if contract.observed is not None:
                access = access_of(event, contract, self._tenant.keyring)
                answer = rows.answer(access, observed(sight.mask))
                rows.add(facts, answer, now if event.time is None else event.time)
        for reject in rejects:
            if reject.reason is not Reason.POLICY_QUARANTINE:  # that one has its readers' rows
                unknown = self._resources[UNKNOWN.kind]
                facts = rows.event(reject.record.offset, unknown, None, NOTHING, (NOBODY,))
                rows.add(facts, rows.answer(Access("rejected"), rejected(reject.reason)), now)
        return rows.encode(self._meta(batch, now), tally.counts(self._engine.entities))

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
        self,
        batch: Batch,
        verdicts: list[Verdict],
        rejects: list[Reject],
        tally: Tally,
        watch: telemetry.Stopwatch,
    ) -> None:
        telemetry.batch_processed(
            batch.input,
            events=len(batch.records),
            size=sum(len(record.value or b"") for record in batch.records),
            findings=tally.by_entity(self._engine.entities),
            decisions=Counter(one.action.name for v in verdicts for one in v.decisions),
            rejects=Counter(reject.reason.value for reject in rejects),
            stages=watch.laps,
        )


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


def consumed(batch: Batch) -> list[tuple[str, bytes]]:
    """Return the headers that say which input range an audit record covers."""
    return [
        ("sluicegate-input", batch.input.encode()),
        ("sluicegate-topic", batch.topic.encode()),
        ("sluicegate-partition", str(batch.partition).encode()),
        ("sluicegate-first", str(batch.first).encode()),
        ("sluicegate-next", str(batch.next).encode()),
        ("sluicegate-count", str(len(batch.records)).encode()),
    ]
