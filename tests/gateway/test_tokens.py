"""Keys: what they open, what they keep apart, and which key files are refused."""

import base64
import os
import secrets
import stat
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import KeyFileError, SealError
from gateway.tokens import Keyring, load_keys, make_keys
from schemas.category import by_code

SECRET = bytes(range(32))
KEYS = Keyring("acme", SECRET)
OTHERS = Keyring("globex", SECRET)
CODES = st.sampled_from(sorted(by_code()))
TEXTS = st.text(st.characters())  # lone surrogates too
URL_SAFE = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "acme.key"


def refused(path, tenant=""):
    with pytest.raises(KeyFileError) as caught:
        load_keys(path, tenant)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    (problem,) = caught.value.problems
    return problem


def written(path, **changes):
    """Write a right key file with some of its lines changed."""
    make_keys("acme", path)
    lines = path.read_text("utf-8").splitlines()
    for name, value in changes.items():
        lines = [f"{name} = {value}" if line.startswith(f"{name} =") else line for line in lines]
    path.write_text("\n".join(lines), "utf-8")
    return path


class TestTokens:
    @given(CODES, TEXTS)
    def test_a_token_turns_back_into_its_category_and_value(self, code, text):
        assert KEYS.detokenize(KEYS.token(code, text)) == (code, text)

    @given(CODES, st.text())
    def test_equal_values_have_equal_tokens_in_every_process(self, code, text):
        assert Keyring("acme", SECRET).token(code, text) == KEYS.token(code, text)

    @given(CODES, st.text(), st.text())
    def test_other_values_have_other_tokens(self, code, one, other):
        assert (KEYS.token(code, one) == KEYS.token(code, other)) == (one == other)

    @given(CODES, CODES, st.text())
    def test_categories_are_apart(self, one, other, text):
        bare = [KEYS.token(code, text).removeprefix(f"tok_{code}_") for code in (one, other)]
        assert (bare[0] == bare[1]) == (one == other)

    @given(CODES, st.text())
    def test_another_tenant_cannot_open_a_token(self, code, text):
        with pytest.raises(SealError, match="tenant globex"):
            OTHERS.detokenize(KEYS.token(code, text))

    @given(CODES, st.text(), st.data())
    def test_an_altered_token_is_refused(self, code, text, data):
        token = KEYS.token(code, text)
        at = data.draw(st.integers(len(f"tok_{code}_"), len(token) - 1))
        char = data.draw(st.sampled_from(sorted(set(URL_SAFE) - {token[at]})))
        with pytest.raises(SealError):
            KEYS.detokenize(token[:at] + char + token[at + 1 :])

    def test_a_token_of_one_category_is_none_of_another(self):
        with pytest.raises(SealError, match="altered"):
            KEYS.detokenize(KEYS.token("email", "a@b.example").replace("email", "phone"))

    @pytest.mark.parametrize("text", ["", "tok_", "tok_email_", "tok_no_such_AAAA", "a@b.example"])
    def test_what_is_no_token_is_refused_without_being_quoted(self, text):
        with pytest.raises(SealError) as caught:
            KEYS.detokenize(text)
        assert str(caught.value) == (
            "this is no token; a token reads tok_<category>_<letters and digits>"
        )

    def test_a_pseudonym_is_told_from_a_token(self):
        with pytest.raises(SealError, match="nobody can turn back"):
            KEYS.detokenize(KEYS.pseudonym("email", "a@b.example"))

    def test_a_long_value_has_a_token_too(self):
        text = "x" * 100_000
        assert KEYS.detokenize(KEYS.token("message_content", text)) == ("message_content", text)


class TestPseudonyms:
    def test_its_form_says_the_category_and_holds_128_bits(self):
        mark, code, rest = KEYS.pseudonym("email", "a@b.example").split("_", 2)
        assert (mark, code) == ("psd", "email")
        assert len(base64.urlsafe_b64decode(rest + "==")) == 16

    def test_spellings_of_one_address_share_a_pseudonym(self):
        assert KEYS.pseudonym("email", "Ayse@Ornek.com") == KEYS.pseudonym(
            "email", "ayse@ornek.com"
        )

    def test_a_long_value_has_a_pseudonym_too(self):
        one, other = (KEYS.pseudonym("health", "x" * size) for size in (1000, 1001))
        assert one != other

    def test_keys_of_a_compacted_topic_stay_apart_in_every_spelling(self):
        spellings = ["ayse@ornek.com", "Ayse@ornek.com", " ayse@ornek.com"]
        assert len({KEYS.pseudonym("email", each, exact=True) for each in spellings}) == 3

    def test_a_canonical_key_has_the_pseudonym_that_the_field_has(self):
        exact = KEYS.pseudonym("email", "ayse@ornek.com", exact=True)
        assert exact == KEYS.pseudonym("email", "AYSE@ornek.com")

    @given(CODES, TEXTS, TEXTS)
    def test_exact_pseudonyms_differ_wherever_values_do(self, code, one, other):
        made = [KEYS.pseudonym(code, text, exact=True) for text in (one, other)]
        assert (made[0] == made[1]) == (one == other)

    @given(CODES, CODES, st.text())
    def test_tenants_and_categories_are_apart(self, one, other, text):
        mine = KEYS.pseudonym(one, text)
        assert mine != OTHERS.pseudonym(one, text)
        assert (mine == KEYS.pseudonym(other, text)) == (one == other)

    @given(CODES, st.text(st.characters(min_codepoint=33), min_size=9))
    def test_it_does_not_hold_the_value(self, code, text):
        assert text not in KEYS.pseudonym(code, text)


class TestIndex:
    def test_a_person_is_found_however_the_number_is_written(self):
        local = KEYS.index("phone", "0532 123 45 67", "TR")
        assert local == KEYS.index("phone", "+90 (532) 123-45-67")

    def test_kinds_are_apart(self):
        assert KEYS.index("crm_id", "17") != KEYS.index("account_id", "17")

    def test_tenants_are_apart(self):
        assert KEYS.index("crm_id", "17") != OTHERS.index("crm_id", "17")

    def test_it_is_a_hash_of_32_bytes(self):
        assert len(KEYS.index("email", "a@b.example")) == 32


class TestSeals:
    @given(st.binary(), st.binary())
    def test_what_was_sealed_opens(self, data, about):
        assert KEYS.open(KEYS.seal(data, about), about) == data

    @given(st.binary(), st.data())
    def test_altered_bytes_are_refused(self, data, draw):
        sealed = bytearray(KEYS.seal(data, b"crm/0/1"))
        at = draw.draw(st.integers(0, len(sealed) - 1))
        sealed[at] ^= draw.draw(st.integers(1, 255))
        with pytest.raises(SealError):
            KEYS.open(bytes(sealed), b"crm/0/1")

    @given(st.binary(max_size=40))
    def test_anything_else_is_refused(self, data):
        with pytest.raises(SealError):
            KEYS.open(data, b"")

    def test_content_opens_only_where_it_belongs(self):
        with pytest.raises(SealError):
            KEYS.open(KEYS.seal(b"x", b"crm/0/1"), b"crm/0/2")

    def test_another_tenant_cannot_open_it(self):
        with pytest.raises(SealError, match="tenant globex"):
            OTHERS.open(KEYS.seal(b"x", b""), b"")

    def test_equal_content_is_sealed_differently_each_time(self):
        assert KEYS.seal(b"x", b"") != KEYS.seal(b"x", b"")


class TestKeyFiles:
    def test_a_made_file_loads_as_the_keys_it_was_made_with(self, path):
        made = make_keys("acme", path)
        token = made.token("email", "a@b.example")
        loaded = load_keys(path, "acme")
        assert loaded.detokenize(token) == ("email", "a@b.example")
        assert (loaded.tenant, loaded.id) == (made.tenant, made.id)

    def test_only_the_owner_may_read_it_whatever_the_umask(self, path):
        before = os.umask(0)
        try:
            make_keys("acme", path)
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_it_is_never_overwritten(self, path):
        path.write_text("mine", "utf-8")
        with pytest.raises(KeyFileError, match="never overwritten"):
            make_keys("acme", path)
        assert path.read_text("utf-8") == "mine"

    @pytest.mark.parametrize("tenant", ["", "Acme", "a b", 'a"\nsecret = "', "../acme"])
    def test_a_tenant_needs_a_name_that_settings_can_have(self, tenant, path):
        with pytest.raises(KeyFileError, match="cannot be a tenant's name"):
            make_keys(tenant, path)
        assert not path.exists()

    def test_its_folder_is_made_for_the_owner_only(self, tmp_path):
        make_keys("acme", tmp_path / "keys" / "acme.key")
        assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700

    def test_a_place_that_cannot_be_written_is_said(self, tmp_path):
        (tmp_path / "keys").touch()
        with pytest.raises(KeyFileError, match="cannot be written"):
            make_keys("acme", tmp_path / "keys" / "acme.key")

    def test_a_missing_file_is_refused(self, path):
        assert refused(path).startswith(
            "no such key file; `sluicegate keys new <tenant>` makes one"
        )

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610])
    def test_a_file_that_others_may_use_is_refused(self, mode, path):
        make_keys("acme", path)
        path.chmod(mode)
        assert f"(mode 0{mode:o})" in refused(path)

    def test_a_folder_is_refused(self, path):
        path.mkdir()
        assert refused(path) == "cannot be read (Is a directory)"

    def test_another_tenants_key_is_refused(self, path):
        make_keys("globex", path)
        assert refused(path, "acme") == "is the key of tenant 'globex', not of 'acme'"

    @pytest.mark.parametrize("data", [b"\xff\xfe", b"secret", b"-----BEGIN"])
    def test_what_is_not_toml_is_refused(self, data, path):
        path.touch(0o600)
        path.write_bytes(data)
        assert refused(path) == "not a key file: it is not TOML; `sluicegate keys new` makes one"

    def test_a_field_that_is_missing_is_named(self, path):
        path.touch(0o600)
        path.write_text('format = 1\ntenant = "acme"\nid = "0"\n', "utf-8")
        assert "missing required field `secret`" in refused(path)

    def test_a_later_format_is_refused(self, path):
        assert "this version reads 1" in refused(written(path, format=2))

    @pytest.mark.parametrize("size", [0, 16, 31, 33])
    def test_a_secret_of_another_length_is_refused(self, size, path):
        text = base64.urlsafe_b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        problem = refused(written(path, secret=f'"{text}"'))
        assert problem == f"its secret has {size} bytes and must have 32"

    def test_another_secret_under_the_same_id_is_refused(self, path):
        text = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        assert "was changed" in refused(written(path, secret=f'"{text}"'))

    def test_a_renamed_tenant_is_refused(self, path):
        assert "was changed" in refused(written(path, tenant='"globex"'))

    def test_no_refusal_quotes_the_secret(self, path):
        written(path, format='"1"')
        secret = path.read_text("utf-8").split('secret = "')[1].rstrip('"\n')
        assert secret not in refused(path)


def test_keys_show_nothing_of_themselves():
    keyring = Keyring("acme", SECRET)
    shown = repr(keyring) + str(keyring) + f"{keyring}"
    assert repr(keyring) == f"Keyring(tenant='acme', id={keyring.id!r})"
    assert SECRET.hex() not in shown


def test_a_secret_of_another_length_makes_no_keys():
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring("acme", b"short")
