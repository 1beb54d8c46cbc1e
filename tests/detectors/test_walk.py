from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import walk
from detectors.leaves import Leaves
from schemas.event import Subjects
from tests.detectors.build import KIND, contract, engine, field, shapes, texts, walked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("\x00yz\u011f", max_size=5), inner)
    ),
    max_leaves=20,
)


def place(leaves: Leaves, leaf: int) -> list[Any]:
    """Return the keys that lead to a leaf."""
    return [key for _, key in leaves.way(leaf)]


def node_at(event, key: str, fields=None):
    leaves = walked(event, of=shapes(fields))
    return leaves.nodes[leaves.texts.index(key)]


class TestLeaves:
    def test_strings_and_long_numbers_are_leaves(self):
        event = {"a": "x", "b": 12345678, "c": 1234, "d": True, "e": None, "f": "", "g": -1.5e9}

        assert texts(walked(event)) == ["x", "12345678", "-1500000000"]

    def test_a_short_number_is_a_leaf_where_its_place_says_something(self):
        assert texts(walked({"pin": 4711, "n": 4711}, of=shapes({"/pin": field("password")}))) == [
            "4711"
        ]

    def test_a_truth_value_is_a_leaf_where_a_contract_annotates_it(self):
        event = {"pregnant": True, "b": False}

        assert texts(walked(event, of=shapes({"/pregnant": field("health")}))) == ["True"]

    def test_so_it_is_where_the_name_supports_a_rule_that_is_looked_for_only_there(self):
        assert texts(walked({"latitude": 41.0082, "cvv": 123, "n": 4711})) == ["41.0082", "123"]

    def test_what_lies_deeper_comes_later(self):
        assert texts(walked({"a": {"b": ["x", {"c": "y"}]}, "d": "z"})) == ["z", "x", "y"]

    def test_a_leaf_knows_its_way_from_the_root(self):
        leaves = walked({"a": [{"b": "x"}]})

        assert place(leaves, leaves.texts.index("x")) == ["a", 0, "b"]

    def test_events_of_a_batch_follow_each_other(self):
        leaves = walked({"a": "x"}, {"a": "y", "b": "z"})
        second = leaves.starts[1]

        assert "x" in leaves.texts[:second]
        assert {"y", "z"} <= set(leaves.texts[second : leaves.starts[2]])
        assert [leaves.objects[root] for root in leaves.roots] == [{"a": "x"}, {"a": "y", "b": "z"}]

    def test_what_broke_a_limit_is_forgotten(self):
        of = shapes({"/a": field("name")})
        leaves = walked({"a": "x"}, of=of)
        columns = [name for name in Leaves.__slots__ if name not in {"fresh", "has_floats"}]
        before = [list(getattr(leaves, name)) for name in columns]
        leaves.outside("key", of.lone("#key", field=field("email"), alone=True), -1)
        of.walk({"a": "y", "b": [{"new": "z"}]}, of.root(KIND), leaves, 64)
        leaves.drop()

        assert [list(getattr(leaves, name)) for name in columns] == before
        leaves.drop()
        assert [list(getattr(leaves, name)) for name in columns] == before

    def test_the_leaves_of_the_event_at_hand_are_counted_without_names(self):
        of = shapes()
        leaves = walked({"a": "x"}, of=of)
        of.walk({"b": "y", "c": ["z", "z"]}, of.root(KIND), leaves, 64)

        assert leaves.values() == 3

    @given(JSON)
    def test_every_string_is_a_leaf_with_its_place(self, inner):
        event = {"e": inner}
        leaves = walked(event)
        for leaf, (text, node) in enumerate(zip(leaves.texts, leaves.nodes, strict=True)):
            holder = leaves.objects[leaves.holder(leaf)]
            if node.is_name:
                assert text in holder
            else:
                value = holder[leaves.key(leaf)]
                assert text == (value if type(value) is str else walk._said(value))
        assert sorted(texts(leaves)) == sorted(leaf for leaf in strings(event))


def strings(value) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    if isinstance(value, str):
        return [value] if value else []
    if value is None or isinstance(value, bool) or -walk.SHORT_NUMBER <= value <= walk.SHORT_NUMBER:
        return []
    return [walk._said(value)]


class TestDepth:
    @pytest.mark.parametrize(("levels", "fits"), [(3, True), (4, False)])
    def test_an_event_deeper_than_the_limit_is_said_to_be(self, levels, fits):
        event: Any = "x"
        for _ in range(levels):
            event = {"a": event}
        of = shapes()

        assert of.walk(event, of.root(KIND), Leaves(), 3) is fits

    def test_a_wide_event_is_not_deep(self):
        of = shapes()

        assert of.walk({"a": [{"b": 1}] * 100}, of.root(KIND), Leaves(), 3)

    def test_places_below_the_limit_are_not_remembered_and_elements_count(self):
        of = shapes()
        of.settle(walked({"a": []}, of=of), set())
        deep: Any = 1
        for _ in range(900):
            deep = [deep]

        assert not of.walk({"a": deep}, of.root(KIND), Leaves(), 3)
        assert of._size == 1 + 2


class TestNodes:
    def test_an_annotation_holds_for_everything_below_it(self):
        fields = {"/address": field("postal_address")}

        assert (
            node_at({"address": {"lines": ["x"]}}, "x", fields).bit == field("postal_address").bit
        )

    def test_a_field_s_own_annotation_goes_first(self):
        fields = {"/a": field("company"), "/a/b": field("name")}

        assert node_at({"a": {"b": "x"}}, "x", fields).bit == field("name").bit

    def test_elements_of_an_array_are_annotated_as_one(self):
        leaves = walked({"to": [{"x": "1"}, {"x": "2"}]}, of=shapes({"/to/*/x": field("email")}))

        assert [leaves.texts[leaf] for leaf in leaves.notable] == ["1", "2"]

    @pytest.mark.parametrize(
        "event",
        [
            {"to": {"x": ["1", ["2"]]}},
            {"to": [{"x": "1"}, [[{"x": "2"}]]]},
            {"to": {"x": {"y": ["1", "2"]}}},
        ],
    )
    @pytest.mark.parametrize("at", ["/to/x", "/to/*/x", "/to/x/*"])
    def test_an_array_more_or_less_is_annotated_all_the_same(self, event, at):
        leaves = walked(event, of=shapes({at: field("email")}))

        assert sorted(leaves.texts[leaf] for leaf in leaves.notable) == ["1", "2"]

    def test_a_path_that_the_contract_has_goes_before_one_that_it_could_mean(self):
        fields = {"/to/x": field("email"), "/to/*/x": field("name")}

        assert node_at({"to": {"x": "1"}}, "1", fields).bit == field("email").bit
        assert node_at({"to": [{"x": "1"}]}, "1", fields).bit == field("name").bit

    def test_a_field_that_is_named_like_any_element_is_a_level_of_its_own(self):
        deep: Any = "x"
        for _ in range(4):
            deep = {"*": deep}
        of = shapes({"/*/x": field("email")})

        assert not of.walk(deep, of.root(KIND), Leaves(), 3)

    def test_notable_leaves_are_annotated_or_named_like_a_person_s_field(self):
        leaves = walked({"a": "x", "last_name": "y", "b": "z"}, of=shapes({"/a": field("company")}))

        assert [leaves.texts[leaf] for leaf in leaves.notable] == ["x", "y"]

    def test_a_field_in_a_known_shape_has_the_same_node_each_time(self):
        of = shapes()
        leaves = walked({"a": "x"}, of=of)
        of.settle(leaves, set())
        again = walked({"a": "y"}, {"a": "z"}, of=of)

        assert again.nodes[0] is again.nodes[1] is leaves.nodes[-1]

    def test_each_element_is_a_subject_where_the_contract_says_so(self):
        subjects = Subjects(identities=(), kind="dpv:Customer", each=("to",))
        of = walk.Shapes({KIND: contract({}, subjects)}, engine().hints)
        leaves = walked({"to": [{"x": "1"}, {"x": {"y": "2"}}], "z": "3"}, of=of)
        owners = {text: leaves.people[leaves.holder(at)] for at, text in enumerate(leaves.texts)}

        assert (owners["1"], owners["2"], owners["3"]) == (0, 1, 0)

    def test_an_array_among_the_people_of_a_list_is_several_of_them(self):
        subjects = Subjects(identities=(("id", ("x",)),), kind="dpv:Customer", each=("to",))
        of = walk.Shapes({KIND: contract({}, subjects)}, engine().hints)
        event = {"to": [[{"x": "1"}, {"x": "2"}], {"x": "3"}, [[{"x": "4"}]], []], "z": "5"}
        leaves = walked(event, {"to": [{"x": "6"}]}, of=of)
        who = {text: leaves.people[leaves.holder(at)] for at, text in enumerate(leaves.texts)}

        assert [who[text] for text in "123456"] == [0, 4, 1, 2, 0, 5]
        assert [one[-1] for one in leaves.facts] == ["1", "3", "4", None, "2", "6"]
        assert leaves.firsts == [0, 5]
        assert leaves.people_here() == 1


class TestNames:
    def names(self, leaves: Leaves) -> list[str]:
        return [t for t, node in zip(leaves.texts, leaves.nodes, strict=True) if node.is_name]

    def test_the_name_of_a_field_is_a_leaf_until_it_proved_clean(self):
        of = shapes()
        first = walked({"a": {"b": 1}}, of=of)
        of.settle(first, set())

        assert self.names(first) == ["a", "b"]
        assert self.names(walked({"a": {"b": 1, "c": 2}}, of=of)) == ["c"]

    def test_a_name_in_which_something_was_found_is_never_remembered(self):
        of = shapes()
        for _ in range(2):
            leaves = walked({"a@b.com": 1}, of=of)
            assert self.names(leaves) == ["a@b.com"]
            of.settle(leaves, {one.leaf for one in engine().scan(leaves).spans})

    def test_names_are_forgotten_when_there_are_too_many(self, monkeypatch):
        monkeypatch.setattr(walk, "SHAPE_LIMIT", 3)
        of = shapes()
        of.settle(walked({"a": 1, "b": 2}, of=of), set())
        of.settle(walked({"c": 1, "d": 2}, of=of), set())

        assert self.names(walked({"a": 1}, of=of)) == ["a"]


class TestEnvelope:
    def test_a_field_that_decoding_checked_is_not_scanned(self):
        assert texts(walked({"type": "x", "a": {"type": "y"}}, of=shapes(checked=["type"]))) == [
            "y"
        ]

    def test_of_an_unknown_kind_everything_is_scanned(self):
        of = shapes(checked=["type"])

        assert texts(walked({"type": "x"}, of=of, kind="no.such.kind")) == ["x"]

    def test_a_leaf_beside_the_body_can_be_added(self):
        of = shapes()
        leaves = Leaves()
        leaves.outside("a@b.com", of.lone("#key", field=field("email"), alone=True), -1)

        assert (leaves.texts, leaves.notable, leaves.apart) == (["a@b.com"], [0], [0])
