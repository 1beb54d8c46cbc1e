import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from detectors.checks import tokens


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_a_json_web_token_has_a_header_that_names_its_algorithm():
    head, body = part({"alg": "HS256"}), part({"sub": "1"})

    assert tokens.jwt(f"{head}.{body}.{'a' * 43}")
    assert tokens.jwt(f"{head}.{body}.")
    assert not tokens.jwt(f"{head}.{body}")
    assert not tokens.jwt(f"{part({'typ': 'JWT'})}.{body}.x")
    assert not tokens.jwt(f"{part([1])}.{body}.x")
    assert not tokens.jwt(f"{part('alg')}.{body}.x")


@given(st.text(max_size=60))
def test_jwt_takes_any_text(text):
    assert not tokens.jwt(text)
