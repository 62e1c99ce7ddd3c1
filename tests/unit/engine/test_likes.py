"""Groups of commands that differ in an argument or two alone."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.held.likes import LEAST, NONE, Likes, grouped, templates
from backend.text.index import TextIndex
from backend.text.templates import shape


def learnt(*commands: str) -> Likes:
    text = TextIndex()
    text.add(commands)
    likes = Likes(text)
    likes.learn(threading.RLock())
    return likes


def groups(likes: Likes) -> list[list[int]]:
    found = likes.groups
    return [found.members(group).tolist() for group in range(len(found))]


def test_two_are_chance_and_three_are_a_group() -> None:
    assert not groups(learnt("ssh web1", "ssh web2", "ls"))
    likes = learnt("ssh web1", "ls", "ssh web2", "ssh web3")
    assert groups(likes) == [[0, 2, 3]]
    assert likes.groups.of_row.tolist() == [0, NONE, 0, 0]
    assert likes.fixed == [b"ssh \0"]


def test_one_blank_goes_before_two() -> None:
    likes = learnt("mv a b", "mv a c", "mv a d", "mv x y", "mv u v", "mv s t")
    assert sorted(groups(likes)) == [[0, 1, 2], [3, 4, 5]]


def test_the_template_that_most_fit_wins() -> None:
    hosts = [f"scp x.txt web{n}:" for n in range(4)]
    files = [f"scp {n}.txt web0:" for n in "abc"]
    assert [0, 1, 2, 3] in groups(learnt(*hosts, *files))


def test_what_comes_later_joins() -> None:
    text = TextIndex()
    text.add(["ssh web1", "ssh web2"])
    likes = Likes(text)
    likes.learn(threading.RLock())
    assert not len(likes.groups)
    text.add(["ssh web3"])
    likes.learn(threading.RLock())
    assert groups(likes) == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("row", "blanks", "members"), [(0, (1,), [0, 1]), (2, (), []), (3, (3,), [3, 4, 5])]
)
def test_a_command_and_its_likes(row: int, blanks: tuple[int, ...], members: list[int]) -> None:
    """Of two, too: what is asked for by name is not what is folded."""
    hosts = [f"ssh -p 22 web{n}" for n in range(3)]
    places, rows = learnt("cd /a", "cd /b", "make", *hosts).alike(row)
    assert (places, rows.tolist()) == (blanks, members)


LINES = st.lists(st.sampled_from(["ssh", "a.b", "-p", "22", "x", "'q r'", "|"]), max_size=5)


@given(st.lists(LINES.map(" ".join), max_size=30, unique=True))
def test_a_group_has_one_template_and_a_command_one_group(commands: list[str]) -> None:
    likes = learnt(*commands)
    seen = [row for members in groups(likes) for row in members]
    assert len(seen) == len(set(seen))
    for group, members in enumerate(groups(likes)):
        assert len(members) > 1
        for row in members:
            assert likes.groups.of_row[row] == group
            fitting = {key: blanks for blanks, key in templates(shape(commands[row]))}
            fixed = shape(commands[row]).fixed(fitting[int(likes.groups.keys[group])])
            assert fixed.lower().encode() == likes.fixed[group]


def test_nothing_makes_no_groups() -> None:
    none = np.empty(0, np.int64)
    assert len(grouped(none, none.astype(np.int32), 5)) == 0
    assert LEAST > 2
