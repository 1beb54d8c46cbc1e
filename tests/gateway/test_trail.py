"""The trail's segments: each range once, whole or not at all, and no gap that nobody notices."""

import json
import os
import time

import pyarrow.parquet as pq
import pytest

from gateway.chain import check_chain
from gateway.errors import FencedError, TrailError
from gateway.expand import expand
from gateway.footer import End, Place
from gateway.trail import Tail, check_streams, lanes, publish, read_tail, segments, sweep
from schemas.audit import FOOTER_KEY, LAKE, FindingCount
from tests.builders import NOON, SECOND, Row, ref, wire
from tests.gateway.build_trail import CRM, batch, chain, tail_of

_CRM = {"tenant": "acme", "input": "crm", "topic": "crm.events", "partition": 0}
_OTHER = {"tenant": "bcme", "input": "b", "topic": "b", "partition": 0}
_EMAIL = {"tenant": "acme", "resource": "crm.contact", "entity": "EMAIL_ADDRESS"}
_PHONE = {"tenant": "acme", "resource": "crm.contact", "entity": "PHONE_NUMBER"}
FOOTER = {
    "format": 1,
    "lane": "0",
    "first": 100,
    "next_offset": 108,
    "previous": None,
    "previous_sha256": None,
    "rows": 2,
    "time_min": NOON,
    "time_max": NOON + SECOND,
    "consumed": [
        {**_CRM, "first": 0, "next": 10, "count": 4},
        {**_OTHER, "first": 0, "next": 1, "count": 1},
    ],
    "ends": [{"place": _CRM, "next": 10}, {"place": _OTHER, "next": 1}],
    "findings": [
        {
            **_EMAIL,
            "category_bit": 1,
            "detected_by": 2,
            "count": 8,
            "lowest_confidence": 0.7,
        },
        {
            **_PHONE,
            "category_bit": 2,
            "detected_by": 2,
            "count": 1,
            "lowest_confidence": 1.0,
        },
    ],
    "policies": [
        {"tenant": "acme", "version": "1"},
        {"tenant": "acme", "version": "2"},
        {"tenant": "bcme", "version": "9"},
    ],
}


@pytest.fixture
def hot(tmp_path):
    return tmp_path / "lake" / "hot"


class TestPublishing:
    def test_a_segment_is_named_by_lane_and_start(self, hot):
        path = publish(hot, "3", 17, 20, [batch(0, 2)])
        assert path == hot / "audit+3+00000000000000000017.parquet"
        assert [each.name for each in hot.iterdir()] == [path.name]

    def test_its_rows_read_back_as_they_were_written(self, hot):
        streams = [
            wire([Row(offset=0, subject=ref(1)), Row(offset=1, subject=None)]),
            wire([Row(offset=2, subject=ref(2), jurisdiction="TR")], tenant="bcme", source="b"),
            wire([], first=2),
        ]
        path = publish(hot, "0", 0, 9, streams)
        table = pq.read_table(path)
        assert table.schema.equals(LAKE)
        assert table.to_pylist() == [row for each in streams for row in expand(each).to_pylist()]

    def test_its_footer_says_what_is_in_it(self, hot):
        found = FindingCount("crm.contact", "EMAIL_ADDRESS", 1, 2, 5, 0.9)
        more = FindingCount("crm.contact", "EMAIL_ADDRESS", 1, 2, 3, 0.7)
        other = FindingCount("crm.contact", "PHONE_NUMBER", 2, 2, 1, 1.0)
        early, late = Row(offset=0, time=NOON), Row(offset=5, time=NOON + SECOND)
        path = publish(
            hot,
            "0",
            100,
            108,
            [
                wire([late], first=0, next_position=8, count=4, findings=[found, other]),
                wire([early], first=0, tenant="bcme", source="b", topic="b", policy_version="9"),
                wire([], first=8, next_position=10, count=0, findings=[more], policy_version="2"),
            ],
        )
        footer = json.loads(pq.read_metadata(path).metadata[FOOTER_KEY])
        assert footer == FOOTER

    def test_a_range_of_markers_only_is_a_segment_without_rows(self, hot):
        publish(hot, "0", 0, 7, [])
        ((_, footer),) = segments(hot)
        assert (footer.rows, footer.time_min, footer.next_offset) == (0, None, 7)

    def test_columns_are_encoded_for_their_kind(self, hot):
        path = publish(hot, "0", 0, 1, [batch(0, 1)])
        group = pq.read_metadata(path).row_group(0)
        columns = [group.column(number) for number in range(group.num_columns)]
        encodings = {column.path_in_schema: set(column.encodings) for column in columns}
        for name in ("time", "logged_time", "event_time", "kafka_offset", "session_ref"):
            assert "DELTA_BINARY_PACKED" in encodings[name]
        assert "RLE_DICTIONARY" not in encodings["subject_ref"]
        assert "RLE_DICTIONARY" in encodings["principal_uid"]
        assert {column.compression for column in columns} == {"ZSTD"}
        assert all(column.has_offset_index for column in columns)

    def test_many_batches_share_one_row_group(self, hot):
        streams = [batch(n, n + 1) for n in range(50)]
        path = publish(hot, "0", 0, 50, streams)
        assert pq.read_metadata(path).num_row_groups == 1

    def test_a_published_segment_is_read_only(self, hot):
        path = publish(hot, "0", 0, 1, [batch(0, 1)])
        assert path.stat().st_mode & 0o222 == 0

    @pytest.mark.parametrize(
        ("lane", "first", "end"),
        [("0", 5, 5), ("0", 6, 5), ("0", -1, 5), ("a/b", 0, 1), ("", 0, 1)],
    )
    def test_what_no_segment_can_cover_is_refused(self, hot, lane, first, end):
        with pytest.raises(ValueError, match="no segment of lane"):
            publish(hot, lane, first, end, [])
        assert not hot.exists()

    def test_a_stream_that_is_no_audit_batch_publishes_nothing(self, hot):
        with pytest.raises(TrailError, match="not an audit batch"):
            publish(hot, "0", 0, 1, [b""])
        assert list(hot.glob("*")) == []


class TestRangesThatAreTaken:
    def test_the_same_start_is_fenced_off(self, hot):
        chain(hot, 10, 20)
        with pytest.raises(
            FencedError, match=r"from 10 is taken, audit\+0\+0*10\.parquet covers 10 up to 20"
        ):
            publish(hot, "0", 10, 15, [batch(10, 15)])
        assert tail_of(hot).next_offset == 20

    def test_a_start_inside_a_segment_is_fenced_off(self, hot):
        chain(hot, 10)
        with pytest.raises(FencedError, match="from 4 is taken"):
            publish(hot, "0", 4, 15, [batch(4, 15)])

    def test_a_start_beyond_the_end_is_a_gap(self, hot):
        chain(hot, 10)
        with pytest.raises(
            TrailError, match=r"lane 0 .* ends at 10, a segment from 12 would leave out 2 offsets"
        ):
            publish(hot, "0", 12, 15, [batch(10, 13)])

    def test_lanes_do_not_meet(self, hot):
        chain(hot, 10, lane="0")
        chain(hot, 10, lane="crm-files")
        assert lanes(hot) == ["0", "crm-files"]
        assert read_tail(hot, "1") is None

    def test_an_emptied_store_is_no_fresh_start_for_a_writer_that_knows_better(self, hot):
        (path,) = chain(hot, 10)
        path.unlink()
        with pytest.raises(TrailError, match=r"emptied store: .* holds no segment of lane 0"):
            publish(hot, "0", 10, 20, [batch(10, 20)], begins=False)


class TestInputRanges:
    def test_ranges_that_meet_are_fine_across_inputs(self):
        check_streams(
            [batch(0, 5), batch(7, 9, topic="other"), batch(5, 8), batch(9, 11, topic="other")]
        )

    @pytest.mark.parametrize(
        ("first", "message"),
        [(6, r"audit gap: crm\.events/0 .* up to 5, the next range is from 6"),
         (4, r"audit overlap: crm\.events/0 .* up to 5, the next range is from 4")],
    )  # fmt: skip
    def test_ranges_that_do_not_meet_are_refused_within_a_segment(self, hot, first, message):
        with pytest.raises(TrailError, match=message):
            check_streams([batch(0, 5), batch(first, 9)])
        with pytest.raises(TrailError, match=message):
            publish(hot, "0", 0, 9, [batch(0, 5), batch(first, 9)])
        assert list(hot.glob("*")) == []

    def test_they_have_to_meet_across_segments_too(self, hot):
        chain(hot, 10)
        with pytest.raises(TrailError, match="up to 10, the next range is from 11"):
            publish(hot, "0", 10, 12, [batch(11, 12)])

    def test_they_have_to_meet_across_segments_that_do_not_have_the_input(self, hot):
        chain(hot, 10)
        publish(hot, "0", 10, 11, [batch(3, 4, topic="other")])
        with pytest.raises(TrailError, match="up to 10, the next range is from 12"):
            publish(hot, "0", 11, 12, [batch(12, 13)])


class TestTail:
    def test_a_store_without_segments_has_none(self, hot):
        assert read_tail(hot, "0") is None
        hot.mkdir(parents=True)
        assert read_tail(hot, "0") is None

    def test_it_is_the_end_of_the_last_segment(self, hot):
        chain(hot, 10, 25)
        assert read_tail(hot, "0") == Tail(10, 25, (End(CRM, 25),))

    def test_it_knows_the_ends_of_inputs_that_were_idle(self, hot):
        chain(hot, 10)
        publish(hot, "0", 10, 11, [batch(3, 9, topic="other")])
        assert tail_of(hot).ends == (End(CRM, 10), End(Place("acme", "crm", "other", 0), 9))

    def test_ten_comes_after_nine(self, hot):
        chain(hot, *range(1, 13))
        assert tail_of(hot).first == 11


class TestSweep:
    def test_only_old_leftovers_go(self, hot):
        (path,) = chain(hot, 5)
        old, young = hot / ".tmp-0-5-a", hot / ".tmp-0-5-b"
        for leftover in (old, young):
            leftover.write_bytes(b"half a segment")
        now = time.time()
        os.utime(old, (now - 7200, now - 7200))
        assert sweep(hot, 3600, now) == 1
        assert sorted(hot.iterdir()) == [young, path]

    def test_leftovers_do_not_disturb_the_trail(self, hot):
        chain(hot, 5)
        (hot / ".tmp-0-5-a").write_bytes(b"half a segment")
        assert tail_of(hot).next_offset == 5
        assert len(check_chain(hot, "0")) == 1

    def test_a_store_that_is_not_there_has_none(self, hot):
        assert sweep(hot, 0, time.time()) == 0
