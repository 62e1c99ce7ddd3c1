"""What of a command may be a blank, by its shape."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.text.templates import BLANK, shape

# As typed, with what may be a blank in ‹ ›.
FREE = [
    "ssh -p ‹22› ‹web1›",
    "ssh ‹web1› df -h /srv",
    "ssh -v ‹web1› uptime",
    "git checkout ‹main›",
    "git -C ‹../shop› checkout ‹main›",
    "tar -xzf ‹a.tgz› -C ‹/opt›",
    "tar xzf ‹a.tgz›",
    "git commit -m ‹'two words'›",
    "git stash pop",
    "git remote add ‹origin› ‹git@host:x.git›",
    "docker compose up -d",
    "docker compose logs -f ‹web›",
    "docker logs --tail ‹50› ‹web›",
    "kubectl -n prod get pods",
    "kubectl get pod ‹web-7› -o ‹yaml›",
    "npm run build",
    "systemctl restart ‹nginx›",
    "apt -y install foo",
    "make test",
    "make test ‹V=1›",
    "./deploy.sh staging",
    "cd ‹/srv/www›",
    "cd ..",
    "cd -",
    "cat ‹a.txt› ‹b.txt› | grep ‹x› > ‹out.txt›",
    "cat ‹a.txt› 2>&1 | head -n ‹5›",
    "cd ‹/srv› && make && ls ‹dist›",
    "sudo -u www-data systemctl restart ‹nginx›",
    "sudo halt",
    "A=1 B=2 python ‹run.py›",
    "awk '{print $1}' ‹x.txt›",
    "sed -i s/a/b/ ‹x.txt›",
    "bash -c 'rm x' ‹y›",
    "find ‹/srv› -name ‹'*.c'› -exec rm -f {} \\;",
    "find ‹/srv› -exec grep ‹x› {} +",
    "xargs -n 1 kill -9",
    "kill -9 ‹412›",
    "kill $(pgrep x)",
    "echo `date` ‹x›",
]


@pytest.mark.parametrize("written", FREE)
def test_what_may_be_a_blank(written: str) -> None:
    command = written.replace("‹", "").replace("›", "")
    found = shape(command)
    assert found.texts or not re.findall("‹(.*?)›", written)
    assert [found.texts[place] for place in found.free] == re.findall("‹(.*?)›", written)
    for text, (start, end) in zip(found.texts, found.spans, strict=True):
        assert command[start:end] == text


@pytest.mark.parametrize(
    "command",
    [
        "for f in *; do rm x; done",
        "if true; then ls /x; fi",
        "ls /a\nls /b",
        "cat <<EOF /x",
        "echo 'never closed",
        "[ -f x.txt ]",
        "a" * 500,
        "",
    ],
)
def test_what_is_no_simple_line_has_none(command: str) -> None:
    assert not shape(command).free


def test_the_templates_of_a_command_one_blank_first() -> None:
    found = shape("scp a.txt b.txt c.txt d.txt")
    assert [found.fixed(blanks).replace(BLANK, "_") for blanks in found.templates()] == [
        "scp a.txt b.txt c.txt _",
        "scp a.txt b.txt _ d.txt",
        "scp a.txt _ c.txt d.txt",
        "scp a.txt b.txt _ _",
        "scp a.txt _ c.txt _",
        "scp a.txt _ _ d.txt",
    ]


def test_blanks_between_words_do_not_tell_commands_apart() -> None:
    one, other = shape("ssh   -p 22\tweb1"), shape("ssh -p 22 web2")
    assert one.fixed((3,)) == other.fixed((3,)) != other.fixed((2,))


# A command holds no NUL: no shell can pass one.
WRITTEN = st.characters(exclude_characters=[BLANK])
SHELL = st.text(st.sampled_from(list("ab1 -'\"\\$()`{}|&;<>=./\n\t~é日\udcff")), max_size=60)


@given(st.one_of(SHELL, st.text(WRITTEN, max_size=60)))
def test_any_text_has_a_shape_that_fits_it(command: str) -> None:
    found = shape(command)
    end = 0
    for text, span in zip(found.texts, found.spans, strict=True):
        assert command[slice(*span)] == text and not command[end : span[0]].strip(" \t")
        end = span[1]
    for blanks in found.templates():
        parts = found.fixed(blanks).split(BLANK)
        values = [found.texts[place] for place in blanks]
        assert "".join(itertools.chain(*zip(parts, [*values, ""], strict=True))) == " ".join(
            found.texts
        )
