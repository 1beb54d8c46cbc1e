"""Ten patterns such as a team writes by hand, in Python's ``re`` and in google-re2.

They only match: no checksum, no context, no score. google-re2 gets bytes, which is how it is fast,
and so counts in bytes.
"""

import importlib
import sys
from collections.abc import Sequence

from bench.rivals.child import Find, serve

PATTERNS = {
    "EMAIL_ADDRESS": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    "CREDIT_CARD": r"\b(?:\d[ -]?){13,16}\b",
    "IBAN_CODE": r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
    "IP_ADDRESS": r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    "US_SSN": r"\b\d{3}-\d{2}-\d{4}\b",
    "TR_NATIONAL_ID": r"\b[1-9]\d{10}\b",
    "PHONE_NUMBER": r"\+?\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]?\d{2,4}){2,3}",
    "JWT": r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
    "AWS_ACCESS_KEY": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "BEARER_TOKEN": r"[Bb]earer [A-Za-z0-9._~+/-]+=*",
}


def load(engine: str) -> Find:
    """Return what finds by the engine ``re`` or ``re2``: their functions have the same names."""
    compiled = importlib.import_module(engine).compile
    patterns = [(entity, compiled(pattern).finditer) for entity, pattern in PATTERNS.items()]
    in_bytes = engine == "re2"

    def find(text: str, _key: str) -> Sequence[tuple[int, int, str, float]]:
        return [
            (match.start(), match.end(), entity, 1.0)
            for entity, finditer in patterns
            for match in finditer(text.encode() if in_bytes else text)
        ]

    return find


if __name__ == "__main__":
    serve(load(sys.argv[1]), sys.argv[2])
