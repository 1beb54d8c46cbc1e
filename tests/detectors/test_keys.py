import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import keys

ALNUM = string.ascii_letters + string.digits
BODY = "q7Wd9Zk2Lm5Xc8Vb"


def cut(way: keys.Token | keys.Block, text: str, head: str) -> list[str]:
    """Return what is taken around the first place where a head ends."""
    end = text.index(head) + len(head)
    return [text[start:stop] for start, stop in way.spans(text, end, way.reach(text, end))]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (f"tok_{BODY}", [f"tok_{BODY}"]),
        (f"x=tok_{BODY}&y", [f"tok_{BODY}"]),
        (f"my-tok_{BODY}, then", [f"tok_{BODY}"]),
        (f"令牌tok_{BODY}", [f"tok_{BODY}"]),
        (f"mytok_{BODY}", []),
        (f"my_tok_{BODY}", []),
        (f"tok_{BODY}_more", []),
        (f"tok_{BODY * 9}", []),
    ],
)
def test_a_token_begins_with_its_head_and_ends_with_its_alphabet(text, taken):
    assert cut(keys.Token("tok_", ALNUM, 40), text, "tok_") == taken


def test_what_follows_a_keyword_is_the_token_without_quotes():
    way = keys.Token("(?i:key)=", ALNUM, 40)

    assert cut(way, f'a key="{BODY}"', "key=") == [BODY]
    assert cut(way, f"a key= {BODY};", "key=") == [BODY]


def test_a_head_with_a_group_says_itself_what_may_stand_in_front():
    way = keys.Token("(?:^|[^0-9a-z]|bot)([0-9]{4}:A)", ALNUM, 40)

    assert cut(way, f"/bot1234:A{BODY}/send", "4:A") == [f"1234:A{BODY}"]
    assert cut(way, f"1234:A{BODY}", "4:A") == [f"1234:A{BODY}"]
    assert cut(way, f"x1234:A{BODY}", "4:A") == []


def test_a_full_stop_is_the_sentence_s_or_else_the_token_s():
    way = keys.Token("tok", ALNUM + ".", 40)

    assert cut(way, "It was tokA.b.", "tok") == ["tokA.b", "tokA.b."]


KEY = "-----BEGIN RSA " + "PRIVATE KEY-----"
END = "-----END RSA " + "PRIVATE KEY-----"


def test_a_block_reaches_to_its_last_line():
    block = f"{KEY}\n{BODY}\n{BODY}==\n{END}"

    assert cut(keys.Block(), f"the key: {block} and more", "PRIVATE KEY") == [block]


def test_a_block_that_breaks_off_is_taken_as_far_as_it_goes():
    assert cut(keys.Block(), f"{KEY}\\n{BODY}\\n{BODY}", "PRIVATE KEY") == [
        f"{KEY}\\n{BODY}\\n{BODY}"
    ]
    assert cut(keys.Block(), f'"{KEY}\n{BODY}\n", "x": 1', "PRIVATE KEY") == [f"{KEY}\n{BODY}"]


def test_a_block_without_an_end_is_bounded():
    [taken] = cut(keys.Block(), f"{KEY}\n{'A' * 100_000}", "PRIVATE KEY")

    assert len(taken) < keys.LONGEST_BLOCK + 100


def test_a_putty_key_reaches_to_its_sum():
    key = f"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n{BODY}\nPrivate-MAC: {'0f' * 32}"

    assert cut(keys.Block(), f"{key}\nrest", "File-3:") == [key]


@given(st.text("-BEGIN PRIVATEKEYPuTTY\n", max_size=80), st.integers(0, 80))
def test_a_block_is_a_part_of_any_text(text, end):
    end = min(end, len(text))
    for start, stop in keys.Block().spans(text, end, keys.Block().reach(text, end)):
        assert 0 <= start <= stop <= len(text)
