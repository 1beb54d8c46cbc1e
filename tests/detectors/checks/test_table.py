from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.checks.table import BY_NAME
from detectors.proof import fill
from detectors.rule import shipped

# Any text, what looks like digits and is none, and what numbers, addresses and tokens are made of.
ANY = (
    st.text(max_size=40)
    | st.text("0123456789\u0660\u00b2AZ ", max_size=20)
    | st.text("abAZ09=-_./+:{}<>$%@ \n\0é\u0131\u0661", max_size=200)
)


@cache
def proven(name: str) -> list[str]:
    """Return the examples of the rules with a check, as they are written and without signs."""
    examples = [fill(one) for rule in shipped() if rule.check == name for one in rule.examples]
    examples = examples or ["«4539148803436467»"]  # luhn is for rules of one's own
    texts = [example.partition("«")[2].partition("»")[0] for example in examples]
    return [*texts, *("".join(filter(str.isalnum, text)) for text in texts)]


@st.composite
def spoiled(draw: st.DrawFn, name: str) -> str:
    """Return a text that a check takes, and something of it that is something else."""
    text = draw(st.sampled_from(proven(name)))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 2)))
    return text[:start] + draw(st.text("09AZaz\u0660\u00b2\u0131-", max_size=3)) + text[end:]


@pytest.mark.parametrize("name", BY_NAME)
@settings(max_examples=60)
@given(data=st.data())
def test_a_check_takes_any_text(name, data):
    text = data.draw(ANY | spoiled(name))
    assert BY_NAME[name](text) in {True, False}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_check_takes_what_proves_it(name):
    assert any(map(BY_NAME[name], proven(name)))
