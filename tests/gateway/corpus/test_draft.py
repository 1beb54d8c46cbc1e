from gateway.corpus.culture import spoken
from gateway.corpus.draft import Draft
from gateway.corpus.people import Population
from gateway.corpus.phrase import Fact, compile_phrase
from gateway.corpus.sample import Label

ADA = Fact("Ada", "PERSON")
MAIL = Fact("ada@mail.example", "EMAIL_ADDRESS")


def begun(scale: float = 1.0) -> Draft:
    draft = Draft(Population(1), scale)
    draft.begin("smiloai", 0, ("tr",))
    draft.dice.start(1, 0, 0)
    return draft


def test_a_fact_that_is_a_leaf_is_labelled_from_end_to_end() -> None:
    draft = begun()

    assert draft.put("/a", ADA) == "Ada"
    assert draft.labels == [Label("/a", 0, 3, "PERSON")]


def test_a_text_of_nobody_is_not_labelled() -> None:
    draft = begun()
    draft.put("/a", Fact("x-1"))

    assert draft.labels == []


def test_a_number_is_labelled_in_the_digits_that_json_writes() -> None:
    draft = begun()

    assert draft.put_number("/n", Fact("10000000146", "TR_NATIONAL_ID")) == 10000000146
    assert draft.labels == [Label("/n", 0, 11, "TR_NATIONAL_ID")]


def test_joined_pieces_are_labelled_where_they_stand() -> None:
    draft = begun()

    assert draft.join("/q", "email=", MAIL, "&x=1") == "email=ada@mail.example&x=1"
    assert draft.labels == [Label("/q", 6, 22, "EMAIL_ADDRESS")]


def test_a_sentence_is_labelled_in_characters_not_bytes() -> None:
    draft = begun()
    person = draft.somebody()
    name = person.facts["name"].text

    text = draft.write("/t", [compile_phrase("Müşteri {name} bekliyor")], person)

    assert text == f"Müşteri {name} bekliyor"
    assert draft.labels == [Label("/t", 8, 8 + len(name), "PERSON")]


def test_text_that_is_not_stretched_is_one_sentence() -> None:
    draft = begun(scale=0)
    person = draft.somebody()

    assert draft.prose("/t", [compile_phrase("Hello.")], person, 5) == "Hello."


def test_fillers_follow_after_the_labelled_sentence() -> None:
    draft = begun(scale=50)
    person = draft.somebody()

    text = draft.prose("/t", [compile_phrase("{name}.")], person, 1)

    assert text.startswith(f"{person.facts['name'].text}. ")
    assert len(draft.labels) == 1


def test_a_filler_leaves_no_label() -> None:
    draft = begun(scale=20)

    assert draft.filler(spoken("tr")[0], 1) != ""
    assert draft.labels == []


def test_a_new_event_begins_without_labels_and_leaves_the_old_ones_alone() -> None:
    draft = begun()
    draft.put("/a", ADA)
    before = draft.labels
    draft.begin("smiloai", 0, ("tr",))

    assert (len(before), draft.labels) == (1, [])
