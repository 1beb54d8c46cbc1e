"""Long texts that people write are wholly read; what is bounded is none of them."""

import json

import pytest

from bench.engine import Scanner
from bench.hostile import LEAF_BYTES
from bench.lengthy import texts

SCANNER = Scanner()
TEXTS = texts()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_long_text_that_people_write_is_wholly_read(text):
    leaves, _ = SCANNER([json.dumps({"text": text}, ensure_ascii=False).encode()])

    assert text in leaves.texts
    assert leaves.unread == []


@pytest.mark.parametrize(
    "text",
    [
        "one " * (LEAF_BYTES // 4),
        "doksan beş yüz otuz iki yüz on bir " * (LEAF_BYTES // 40),
        f"{TEXTS['telephone numbers']} {'doksan beş yüz otuz iki yüz on bir ' * 20}",
    ],
)
def test_what_would_take_too_long_is_said_not_to_be_examined(text):
    leaves, _ = SCANNER([json.dumps({"text": text}, ensure_ascii=False).encode()])

    assert leaves.texts[leaves.unread[0]] == text
