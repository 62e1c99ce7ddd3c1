"""The colours of a command: which of its parts is what."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.drawn import any_text

from shell_plugin.pick.whole.syntax import styles

# Texts of what a shell minds, much more often than any_text has them.
_shell_text = st.lists(
    st.sampled_from(
        [
            *("'", '"', "`", "\\", "$", "(", ")", "{", "}", "[[", "]]", "<<", "<", ">", "|", "&"),
            *(
                ";",
                "#",
                "\n",
                " ",
                "\t",
                "=",
                "-x",
                "a",
                "EOF",
                "case",
                "in",
                "esac",
                "if",
                "‹redacted›",
            ),
            *("for", "function", "sudo", "$((", "${", "$'", "é"),
        ]
    ),
    max_size=40,
).map("".join)


def parts(command: str) -> list[tuple[str, str]]:
    return [(command[start:end], style) for start, end, style in styles(command)]


def styled(command: str, style: str) -> list[str]:
    return [text for text, found in parts(command) if found == style]


@settings(max_examples=500)
@given(any_text | _shell_text)
@example("<<‹redacted›\n‹redacted›")
def test_any_text_has_spans_in_order(command: str) -> None:
    found = styles(command)
    edges = [edge for start, end, _ in found for edge in (start, end)]
    assert edges == sorted(edges)
    assert all(start < end for start, end, _ in found)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(command))


@given(_shell_text, st.integers(0, 40))
def test_the_beginning_is_styled_alike_when_no_more_is_read(command: str, most: int) -> None:
    """But for what only the end tells: that a quote is never closed."""
    whole = {at: style for start, end, style in styles(command) for at in range(start, end)}
    part = {at: style for start, end, style in styles(command, most) for at in range(start, end)}
    assert all(part.get(at) == whole.get(at) for at in range(most) if whole.get(at) != "error")


def test_the_parts_of_a_pipeline() -> None:
    assert parts('FOO=1 sudo -u root grep -i --colour=auto "a $x" f | sort > out 2>&1 # why') == [
        ("FOO", "variable"),
        ("sudo", "command"),
        ("-u", "option"),
        ("grep", "command"),
        ("-i", "option"),
        ("--colour", "option"),
        ('"a ', "string"),
        ("$x", "variable"),
        ('"', "string"),
        ("|", "operator"),
        ("sort", "command"),
        (">", "operator"),
        ("2>&", "operator"),
        ("# why", "comment"),
    ]


@pytest.mark.parametrize(
    ("command", "commands"),
    [
        ("ls && cd x; make || true & wait", ["ls", "cd", "make", "true", "wait"]),
        ("echo $(date +%s) `id -u`", ["echo", "date", "id"]),
        ("if test -f x; then ls; else pwd; fi", ["test", "ls", "pwd"]),
        ("for f in a b; do mv $f c; done", ["mv"]),
        ("case $1 in a|b) echo x;; *) exit 1;; esac; ls", ["echo", "exit", "ls"]),
        ("f() { ls; }; function g { pwd; }", ["f", "ls", "pwd"]),
        ("a=(one two) b=$(ls) make", ["ls", "make"]),
        ("timeout 5 nice -n 10 make", ["timeout", "nice", "make"]),
        ("<in >out sort", ["sort"]),
        ("diff <(ls a) <(ls b)", ["diff", "ls", "ls"]),
        ("(( i < 3 )) && [[ -f x && y ]] && ls", ["ls"]),
        (r"\ls -l", [r"\ls"]),
    ],
)
def test_the_first_word_of_each_simple_command(command: str, commands: list[str]) -> None:
    assert styled(command, "command") == commands
    assert not styled(command, "error")


@pytest.mark.parametrize(
    ("command", "strings"),
    [
        ("echo 'a b' c", ["'a b'"]),
        (r"echo $'it\'s' x", [r"$'it\'s'"]),
        (r'echo "a \" b" c', [r'"a \" b"']),
        ("cat <<'E' >f\nit's $x\nE\nls", ["'E'", "it's $x\nE\n"]),
        ("cat <<-E\n\tit's\n\tE\nls", ["\tit's\n\tE\n"]),
        ('cat <<< "x"', ['"x"']),
    ],
)
def test_strings(command: str, strings: list[str]) -> None:
    assert styled(command, "string") == strings
    assert not styled(command, "error")


@pytest.mark.parametrize(
    ("command", "errors"),
    [
        ("echo 'a b", ["'a b"]),
        ('echo "a $(ls "b" c', ['"a $(ls "b" c']),
        ("echo `ls", ["`ls"]),
        ("echo a) b", [")"]),
        ("ls; }", ["}"]),
        ("echo } {}", []),
        (r"find . -exec ls {} \;", []),
        ("echo ${x:-it's} | cat", ["'s} | cat"]),
        ('echo "${x:-it\'s}"', []),
        ("x=`# it's`; ls", []),
        ("print -l *(#i)x*(.) ${(f)x}", []),
    ],
)
def test_errors_of_quoting(command: str, errors: list[str]) -> None:
    assert styled(command, "error") == errors


def test_a_masked_value_is_told_inside_of_anything() -> None:
    assert parts("curl -H 'Auth: ‹redacted›' ‹redacted›") == [
        ("curl", "command"),
        ("-H", "option"),
        ("'Auth: ", "string"),
        ("‹redacted›", "mask"),
        ("'", "string"),
        ("‹redacted›", "mask"),
    ]


@pytest.mark.parametrize(
    "piece",
    ["'", '"', "`", "\\", "$(((", "$'\\'", "(", ")", "${", "<<a ", '<<"', '"$(', "\n", "`#"],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Sixteen times the text in far less than 256 times the time."""
    short, long = piece * (2048 // len(piece)), piece * (32768 // len(piece))
    assert _seconds(long) < 64 * _seconds(short) + 0.05


def _seconds(command: str) -> float:
    times = []
    for _ in range(2):
        started = time.thread_time()
        styles(command)
        times.append(time.thread_time() - started)
    return min(times)
