"""What commands do, in plain words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.glossary import change_glossary

from backend.meaning import gloss, glossary
from backend.meaning.values import shape


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("tar -xzf backup.tgz", ("archive", "extract, unpack", "gzip")),
        ("tar czf a.tgz b", ("create, pack, compress",)),
        ("git -C /x reset --soft HEAD~1", ("undo commits but keep changes",)),
        (
            "/usr/bin/find . -type d -mtime +7",
            ("directories, folders", "more than 7 days, 1 week ago"),
        ),
        ("find . -mtime -x", ("modified days ago",)),
        ("find . -mtime -1", ("modified in the last day, last 24 hours",)),
        ("find . -size +100M", ("bigger, larger than 100 MB, megabytes",)),
        (r"find . \( -name a -o -name b \) -mmin -60", ("within the last 60 minutes, 1 hour",)),
        (r"find . -exec rm {} \; -type f", ("run a command on each", "delete", "regular files")),
        ("find . -exec rm {} ';' -type f", ("delete, remove files", "regular files")),
        ("tail -n 100 log", ("last 100 lines",)),
        ("tail -n100 log", ("last 100 lines",)),
        ("tail -n +2 log", ("skip the first line",)),
        ("head -5 log", ("first lines, beginning, first 5 lines",)),
        ("cut -d, -f2 a", ("separated by comma", "second field")),
        ("chmod u+x a", ("change permissions of files", "let owner execute")),
        ("kill -HUP 7", ("reload configuration",)),
        ("shopt -u extglob", ("shell options", "disable, turn off")),
        ("mount -o remount,rw /", ("mount, attach", "again with writing")),
        ("du -d1 .", ("disk usage", "each subdirectory")),
        ("ls x 2> /dev/null", ("list files", "hide error messages")),
        ("make >>log 2>&1", ("build, compile", "append to a file")),
        ("sudo -u postgres psql -c x", ("as another user", "run a query")),
        ("timeout -k 5 10s curl -I x", ("stop a command", "only response headers")),
        ("nice -n 19 make", ("low priority", "build, compile")),
        ("command -v make", ("where a program is installed",)),
        ("git add .", ("stage changes", "everything here")),
        ("ls | xargs -I {} -P 4 rm {}", ("4 at once in parallel", "delete, remove files")),
        ("git reset --soft HEAD~3", ("undo commits but keep changes", "last 3 commits")),
        ("find -name x -exec rm -rf {} +", ("in the current directory tree", "delete, remove")),
        ("ls | xargs -0 grep -l x", ("list files", "names of files that contain it")),
        ("sudo systemctl restart nginx", ("as administrator", "restart a service")),
        ("FOO=1 docker-compose up -d", ("bring up all services",)),
        ("docker ps -a --format x", ("list all containers",)),
        ("python3.11 -m venv .venv", ("isolated environment",)),
        ("echo $(date -d @17)", ("print text", "convert or compute a date")),
        ("kubectl -n prod get pods", ("list running pods",)),
        ("find $HOME -name x", ("home",)),
        ('git log --since "2 days ago"', ("within the last 2 days, 48 hours",)),
        ("git log --since=2.weeks", ("within the last 2 weeks, 14 days",)),
        ("find . -newermt '1 hour ago'", ("modified within the last 1 hour, 60 minutes",)),
        ("docker logs --since 2h x", ("within the last 2 hours",)),
        ("timeout 10m make", ("after 10 minutes", "build, compile")),
        ("du -sh /", ("disk usage", "of the whole file system")),
        ("rsync --no-perms a b", ("synchronize", "without perms")),
        ("git pull --no-rebase", ("not without merge commit",)),
    ],
)
def test_gloss(command: str, told: tuple[str, ...]) -> None:
    words = gloss.gloss(command)
    assert all(phrase in words for phrase in told), words


def test_flags_of_one_dash_are_no_letters() -> None:
    assert "interactive" not in gloss.gloss("find . -name x")
    assert ", or" not in gloss.gloss("find . -ok rm {} +")


def test_a_value_takes_the_place_of_the_phrase_without() -> None:
    assert "since a date" not in gloss.gloss("git log --since '2 days ago'")
    assert "since a date" in gloss.gloss("git log --since 2026-01-01")
    assert "days ago" not in gloss.gloss("find -mtime -3")
    assert "split at" not in gloss.gloss("cut -d, -f2")


def test_what_is_quoted_redirects_nothing() -> None:
    assert "append" not in gloss.gloss("awk '$1 >> 5' a")
    assert "append" not in gloss.gloss("frobnicate >> a")


def test_a_phrase_that_says_all_stands_alone() -> None:
    assert gloss.gloss("git reset --soft main") == "undo commits but keep changes"
    assert gloss.gloss("docker ps -a").startswith("list all containers, ")


def test_unknown_tools_have_no_words() -> None:
    assert gloss.gloss("frobnicate --all") == ""
    assert gloss.embedded("frobnicate --all") == "frobnicate --all"
    assert gloss.embedded("pwd") == "pwd # print the current working directory"


@given(st.text())
def test_any_text_has_a_gloss(text: str) -> None:
    assert gloss.embedded(text).startswith(text)


@given(st.lists(st.sampled_from(["find", "tar", "git", "-exec", "xargs", "|", "-x", "sudo", ";"])))
def test_any_order_of_words_has_a_gloss(words: list[str]) -> None:
    assert "\n" not in gloss.gloss(" ".join(words))


def test_a_glossary_line_is_a_key_and_a_phrase() -> None:
    keys = []
    for line in glossary.FILE.read_text("utf-8").splitlines():
        if not line.startswith("# "):
            key, phrase = line.split("\t")
            shape(key.split()[-1], phrase)
            assert key == " ".join(key.split()) and phrase == phrase.strip() != ""
            keys.append(key)
    assert len(keys) == len(set(keys)) > 2500


def test_a_line_is_reached_by_what_it_is_about() -> None:
    unreached = []
    for line in glossary.FILE.read_text("utf-8").splitlines():
        if not line.startswith("# ") and "{" not in line:
            key, phrase = line.split("\t")
            if phrase.removeprefix(gloss.SAYS_ALL) not in gloss.gloss(key.replace("* ", "ls ")):
                unreached.append(line)
    assert unreached == []


def test_the_stamp_changes_with_the_glossary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gloss.stamp({})
    assert gloss.stamp({}) == before != gloss.stamp({"gst": "git status"})
    change_glossary(monkeypatch, tmp_path, added={"frobnicate": "do nothing"})
    assert gloss.stamp({}) != before


@given(st.text(), st.text())
def test_digests_tell_texts_apart(one: str, other: str) -> None:
    assert gloss.digest(one) > 0
    assert (gloss.digest(one) == gloss.digest(other)) == (one == other)
