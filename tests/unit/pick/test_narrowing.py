"""What the list is narrowed to by key."""

from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.narrowing import ORDERS, OUTCOMES, SCOPES, Narrowing

keys = st.sampled_from(["scope", "outcome", "order"])


def test_a_new_shell_narrows_nothing() -> None:
    assert Narrowing().filters == ""
    assert Narrowing().words == []


def test_each_key_goes_round() -> None:
    for key, choices in (("scope", SCOPES), ("outcome", OUTCOMES), ("order", ORDERS)):
        narrowing = Narrowing()
        seen = []
        for _ in choices:
            narrowing.cycle(key)
            seen.append(narrowing.filters)
        assert seen == [word for word, _ in choices[1:]] + [""]


@given(st.lists(keys))
def test_the_shell_gives_back_what_it_was_given(pressed: list[str]) -> None:
    narrowing = Narrowing()
    for key in pressed:
        narrowing.cycle(key)
    assert Narrowing(narrowing.filters).words == narrowing.words


def test_words_that_are_no_choice_are_none() -> None:
    assert Narrowing("in:nowhere exit:7 x").filters == ""
