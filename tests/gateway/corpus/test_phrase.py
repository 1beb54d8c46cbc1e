from gateway.corpus.phrase import Fact, compile_phrase, compile_phrases


def test_a_sentence_is_cut_at_its_slots() -> None:
    phrase = compile_phrase("Call {name} on {phone}, please.")

    assert phrase.parts == (("Call ", "name"), (" on ", "phone"))
    assert phrase.tail == ", please."


def test_a_sentence_may_end_with_a_slot_or_have_none() -> None:
    assert compile_phrase("Ask {name}").tail == ""
    assert compile_phrase("Ask nobody").parts == ()
    assert compile_phrase("Ask nobody").tail == "Ask nobody"


def test_a_sentence_whose_slots_cannot_be_filled_is_left_out() -> None:
    kept = compile_phrases(["{name}", "{name} {iban}"], frozenset({"name"}))

    assert kept == (compile_phrase("{name}"),)


def test_the_repr_of_a_fact_hides_its_text() -> None:
    assert repr(Fact("Ada", "PERSON")) == "Fact(PERSON)"
