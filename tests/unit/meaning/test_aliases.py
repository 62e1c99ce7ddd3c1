"""What aliases and functions stand for, read as shells print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.meaning import aliases, gloss
from backend.redaction.mask import MARK

FUNCTIONS = """\
gco () 
{ 
    git checkout "$@"
}
_hidden () 
{ 
    git log
}
long () 
{ 
    local a=1;
    echo $a
}
mkcd () 
{ 
    mkdir -p "$1" && cd "${1:-x}"
}
"""  # noqa: W291  # as bash prints them


@pytest.mark.parametrize(
    ("printed", "stands_for"),
    [
        ("alias gst='git status'", {"gst": "git status"}),
        ("alias -- ..='cd ..'", {"..": "cd .."}),
        (r"alias say='echo '\''it'\'''", {"say": "echo 'it'"}),
        ("alias ls='ls --color=auto'", {}),
        (r"alias rm='\rm -i'", {}),
        ("alias a=''\nalias b='ls'", {"b": "ls"}),
        ("alias k='kubectl'\nalias two='a\nb'", {"k": "kubectl"}),
        ("alias up='curl -u me:Hunter2xyz x'", {"up": f"curl -u me:{MARK} x"}),
        ("no alias at all", {}),
    ],
)
def test_aliases(printed: str, stands_for: dict[str, str]) -> None:
    assert aliases.read(printed, "") == stands_for


def test_functions_of_one_line_stand_for_what_they_run() -> None:
    assert aliases.read("", FUNCTIONS) == {"gco": "git checkout", "mkcd": "mkdir -p && cd"}
    assert aliases.read("alias gco='git commit'", FUNCTIONS)["gco"] == "git commit"


@given(st.text(), st.text())
def test_anything_is_read(printed: str, functions: str) -> None:
    assert all(aliases.read(printed, functions).values())


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("gst", ("git status", "changed files")),
        ("gst -s && k get pods -A", ("changed files", "kubectl", "list running pods")),
        ("sudo k delete pod x", ("as administrator", "remove a pod")),
        ("mkcd a", ("create a directory", "change directory")),
        ("loop x", ("other y",)),
    ],
)
def test_what_an_alias_stands_for_is_told(command: str, told: tuple[str, ...]) -> None:
    known = {
        "gst": "git status",
        "k": "kubectl",
        "mkcd": "mkdir -p && cd",
        "loop": "other y",
        "other": "loop",
    }
    text = gloss.embedded(command, aliases=known)
    assert text.startswith(f"{command} # ")
    assert all(phrase in text for phrase in told), text
    assert "git status" not in gloss.embedded("echo gst", aliases=known)
