import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.traceparent import links, next_traceparent

TRACE, SPAN = b"4bf92f3577b34da6a3ce929d0e0e4736", b"00f067aa0ba902b7"


def onward_of(header: bytes) -> bytes:
    onward = next_traceparent(header)
    assert onward is not None
    return onward


def test_the_trace_goes_on_with_a_new_parent():
    onward = onward_of(b"00-%b-%b-01" % (TRACE, SPAN))
    version, trace, span, flags = onward.split(b"-")
    assert (version, trace, flags) == (b"00", TRACE, b"01")
    assert len(span) == 16
    assert span not in (SPAN, b"0" * 16)


def test_two_events_of_one_parent_get_two_parents():
    header = b"00-%b-%b-01" % (TRACE, SPAN)
    assert next_traceparent(header) != next_traceparent(header)


@pytest.mark.parametrize(("flags", "expected"), [(b"00", b"00"), (b"01", b"01"), (b"ff", b"01")])
def test_only_the_sampled_flag_is_kept(flags, expected):
    assert onward_of(b"00-%b-%b-%b" % (TRACE, SPAN, flags)).endswith(b"-" + expected)


def test_a_later_version_is_read_as_far_as_it_is_known():
    onward = onward_of(b"cc-%b-%b-01-more" % (TRACE, SPAN))
    assert onward.startswith(b"00-" + TRACE)
    assert len(onward) == 55


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"00",
        b"00-%b-%b-01-more" % (TRACE, SPAN),
        b"ff-%b-%b-01" % (TRACE, SPAN),
        b"00-%b-%b-01" % (TRACE.upper(), SPAN),
        b"00-%b-%b-01" % (b"0" * 32, SPAN),
        b"00-%b-%b-01" % (TRACE, b"0" * 16),
        b"00-%b-%b-01 " % (TRACE, SPAN),
        b"00-%b-%b-01\n" % (TRACE, SPAN),
    ],
)
def test_a_malformed_header_ends_here(header):
    assert next_traceparent(header) is None


@given(st.binary(max_size=80))
def test_nothing_of_an_arbitrary_header_goes_on(header):
    onward = next_traceparent(header)
    assert onward is None or onward[3:35] == header[3:35]


def test_links_name_the_spans_of_well_formed_headers_only():
    (link,) = links([b"garbage", b"00-%b-%b-01" % (TRACE, SPAN)])
    assert link.context.trace_id == int(TRACE, 16)
    assert link.context.span_id == int(SPAN, 16)
    assert link.context.is_remote
