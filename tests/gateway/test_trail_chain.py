"""The chain of segments: whole or refused, whatever was lost, replaced or put beside it."""

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import TrailError
from gateway.trail import check_chain, read_tail
from schemas.audit import FOOTER_KEY, LAKE
from tests.gateway.build_trail import chain


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
            f"audit trail {hot}, lane 0, is not contiguous:"
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
        with pytest.raises(TrailError, match="has no readable footer"):
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
