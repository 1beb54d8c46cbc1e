"""The chain of segments: whole or refused, whatever was lost, replaced or put beside it."""

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.chain import check_chain, verify
from gateway.errors import TrailError
from gateway.trail import publish, read_tail, sha256_of
from schemas.audit import FOOTER_KEY, LAKE
from tests.gateway.build_trail import batch, chain


@pytest.fixture
def hot(tmp_path):
    return tmp_path / "lake" / "hot"


class TestChain:
    def test_a_whole_chain_is_told_in_order(self, hot):
        chain(hot, 5, 9, 30, 31)
        assert [(each.first, each.next_offset) for each in check_chain(hot, "0")] == [
            (0, 5), (5, 9), (9, 30), (30, 31)
        ]  # fmt: skip

    def test_a_lane_without_segments_has_an_empty_chain(self, hot):
        assert check_chain(hot, "0") == []

    @settings(max_examples=15, deadline=None)
    @given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=30))
    def test_whatever_was_published_in_turn_is_contiguous(self, tmp_path_factory, sizes):
        folder = tmp_path_factory.mktemp("lake")
        ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
        chain(folder, *ends)
        footers = check_chain(folder, "0")
        assert [footer.next_offset for footer in footers] == ends
        assert sum(footer.rows for footer in footers) == ends[-1]

    def test_a_lost_segment_is_a_gap_in_the_lane_and_in_the_input(self, hot):
        paths = chain(hot, 5, 9, 30)
        paths[1].unlink()
        with pytest.raises(TrailError) as caught:
            check_chain(hot, "0")
        assert str(caught.value) == (
            f"audit trail {hot}, lane 0, is not whole:"
            "\n  - audit+0+00000000000000000009.parquet: audit gap: starts at 9, the one before ends at 5"
            "\n  - audit+0+00000000000000000009.parquet: audit gap: crm.events/0 (input crm, tenant acme)"
            " was consumed up to 5, the next range is from 9"
        )

    def test_a_lost_beginning_is_noticed(self, hot):
        paths = chain(hot, 5, 9)
        paths[0].unlink()
        with pytest.raises(TrailError, match="the segment before it, from 0, is missing"):
            check_chain(hot, "0")

    def test_a_replaced_segment_that_is_shorter_is_noticed(self, hot, tmp_path):
        paths = chain(hot, 5, 9, 12)
        other = chain(tmp_path / "other", 5, 8)
        paths[1].unlink()
        other[1].rename(paths[1])
        with pytest.raises(TrailError, match="starts at 9, the one before ends at 8"):
            check_chain(hot, "0")

    @pytest.mark.parametrize(
        "name", ["audit+0+00000000000000000007.parquet", "audit+1+00000000000000000005.parquet"]
    )
    def test_a_segment_under_another_name_is_noticed(self, hot, name):
        paths = chain(hot, 5, 9)
        paths[1].rename(hot / name)
        lane = name.split("+")[1]
        with pytest.raises(TrailError, match=r"was published as audit\+0\+0*5\.parquet"):
            check_chain(hot, lane)
        with pytest.raises(TrailError, match=r"was published as audit\+0\+0*5\.parquet"):
            read_tail(hot, lane)

    @pytest.mark.parametrize(
        "name",
        ["notes.txt", "audit+0+7.parquet", "audit+0+00000000000000000007.parquet.bak", "sub"],
    )
    def test_an_alien_name_is_an_error_wherever_the_trail_is_read(self, hot, name):
        chain(hot, 5)
        (hot / name).mkdir()
        for read in (check_chain, read_tail):
            with pytest.raises(TrailError, match=r"alien file: .* is not named like a segment"):
                read(hot, "0")

    @pytest.mark.parametrize("content", [b"", b"PAR1 but no more", b"PAR1" * 100])
    def test_an_unreadable_footer_is_an_error(self, hot, content):
        chain(hot, 5)
        (hot / "audit+0+00000000000000000005.parquet").write_bytes(content)
        with pytest.raises(TrailError, match=r"alien file: .*0005\.parquet has no readable footer"):
            check_chain(hot, "0")

    def test_a_truncated_segment_is_an_error(self, hot):
        _, path = chain(hot, 5, 9)
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[: len(content) // 2])
        with pytest.raises(TrailError, match="Bring the segment back from a copy, or move"):
            read_tail(hot, "0")

    def test_parquet_that_is_not_ours_is_an_error(self, hot):
        chain(hot, 5)
        pq.write_table(LAKE.empty_table(), hot / "audit+0+00000000000000000005.parquet")
        with pytest.raises(TrailError, match=r"has no readable footer of a segment \(KeyError\)"):
            check_chain(hot, "0")

    def test_a_footer_that_counts_other_rows_is_an_error(self, hot):
        (path,) = chain(hot, 5)
        table = pq.read_table(path).slice(0, 4)
        metadata = pq.read_metadata(path).metadata
        path.unlink()
        pq.write_table(table.replace_schema_metadata({FOOTER_KEY: metadata[FOOTER_KEY]}), path)
        with pytest.raises(TrailError, match="holds 4 rows, its footer says 5"):
            check_chain(hot, "0")


def rewrite(path, change=lambda table: table, **said):
    """Write a segment anew with other rows, or with a footer that says something else."""
    table = pq.read_table(path)
    footer = json.loads(table.schema.metadata[FOOTER_KEY]) | said
    path.unlink()
    metadata = {FOOTER_KEY: json.dumps(footer)}
    pq.write_table(change(table).replace_schema_metadata(metadata), path)


def masked(table):
    """Return rows in which nobody saw anything in clear."""
    at = table.schema.get_field_index("cat_clear")
    return table.set_column(
        at, table.schema.field(at), pa.repeat(pa.scalar(0, pa.int64()), len(table))
    )


def flipped(path, place):
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1
    path.write_bytes(content)


class TestVerify:
    """An attacker edits a lane of three segments, which end at 5, 9 and 30."""

    @pytest.fixture
    def lane(self, hot):
        return chain(hot, 5, 9, 30)

    def test_a_whole_lane_has_a_head_and_no_problem(self, hot, lane):
        verdict = verify(hot)
        assert verdict.problems == ()
        (head,) = verdict.heads
        assert (head.lane, head.segments, head.rows, head.next_offset) == ("0", 3, 30, 30)
        assert verify(hot, verdict.heads).problems == ()

    def test_no_lane_has_none(self, hot):
        assert verify(hot) == verify(hot.parent)

    @pytest.mark.parametrize(
        "edit",
        [
            lambda path: rewrite(path, masked),
            lambda path: rewrite(path, lambda table: table.take(list(range(len(table)))[::-1])),
            lambda path: rewrite(path, lambda table: table.slice(1, 2), rows=2),
            lambda path: rewrite(path, time_max=1),
            lambda path: rewrite(path, policies=[]),
            lambda path: flipped(path, 300),
        ],
        ids=["rows", "order", "fewer rows", "times", "policies", "one bit"],
    )
    @pytest.mark.parametrize("number", [0, 1])
    def test_whatever_is_changed_before_the_last_segment_shows(self, hot, lane, number, edit):
        edit(lane[number])
        changed, next_one = lane[number].name, lane[number + 1].name
        assert verify(hot).problems == (
            f"{next_one}: audit change: {changed} is not what it was when this one followed it",
        )

    def test_the_same_range_of_another_lake_is_a_change(self, hot, lane, tmp_path):
        other = chain(tmp_path / "other", 5, 9)
        rewrite(other[1], masked)
        shutil.move(other[1], lane[1])
        assert len(verify(hot).problems) == 1

    def test_what_is_at_the_end_shows_only_against_a_head_that_was_kept(self, hot, lane):
        kept = verify(hot).heads
        rewrite(lane[2], masked)
        assert verify(hot).problems == ()
        assert verify(hot, kept).problems == (
            f"audit change: lane 0 up to 30 is not what it was: {lane[2].name} has another digest",
        )
        lane[2].unlink()
        assert verify(hot).problems == ()
        assert verify(hot, kept).problems == ("audit loss: lane 0 ends at 9, but had one up to 30",)
        for path in lane[:2]:
            path.unlink()
        assert verify(hot, kept).problems == (
            "audit loss: lane 0 has no segment, but had one up to 30",
        )

    def test_a_lane_that_was_published_anew_shows_only_against_a_kept_head(self, hot, lane):
        kept = verify(hot).heads
        for path in lane:
            path.unlink()
        chain(hot, 5, 9, 20, 30)
        assert verify(hot).problems == ()
        assert len(verify(hot, kept).problems) == 1

    def test_a_kept_head_holds_while_the_lane_goes_on(self, hot, lane):
        kept = verify(hot).heads
        publish(hot, "0", 30, 31, [batch(30, 31)])
        assert verify(hot, kept).problems == ()

    def test_chance_in_the_last_segment_shows_by_its_checksums(self, hot, lane):
        data = pq.read_metadata(lane[2]).row_group(0).column(0).data_page_offset
        flipped(lane[2], data + 60)
        assert verify(hot).problems == (
            f"{lane[2].name}: audit change: its checksums are not those of its content",
        )

    def test_a_segment_from_before_there_were_digests_is_readable_and_vouched_for_by_none(
        self, hot, lane
    ):
        rewrite(lane[1], previous_sha256=None)
        rewrite(lane[2], previous_sha256=sha256_of(lane[1]))
        assert verify(hot).problems == (
            f"{lane[1].name}: says no digest of {lane[0].name}, which nothing vouches for",
        )


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 2), place=st.integers(0, 100_000))
def test_no_bit_of_a_lane_changes_unseen(tmp_path_factory, number, place):
    hot = tmp_path_factory.mktemp("lake")
    lane = chain(hot, 2, 4, 6)
    kept = verify(hot).heads
    flipped(lane[number], place)
    try:
        problems = verify(hot, kept).problems
    except TrailError:
        return  # not even a segment any more
    assert problems
