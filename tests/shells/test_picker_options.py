"""Recording and picking under whatever options the user has set, before the plugin or after."""

import pytest
from support.fake_daemon import FakeDaemon
from support.shells import ENTER, Home, ctrl, start

EXTREMES = {
    "bash": [
        "set -u",
        "set -eu",
        "set -o noclobber; set -f",
        "set -o posix; PS1='ready> '",
        "shopt -s extglob nullglob failglob nocasematch lithist",
        "IFS=:",
        "IFS=0123456789",
        "alias local=false printf=false read=false builtin=false; shopt -s expand_aliases",
        "set -a",
        "HISTTIMEFORMAT='%F %T '",
    ],
    "zsh": [
        "setopt no_clobber no_unset",
        "setopt ksh_arrays sh_word_split",
        "setopt null_glob extended_glob glob_subst",
        "setopt err_return warn_create_global",
        "setopt sh_glob ksh_glob no_function_argzero posix_builtins",
        "setopt no_short_loops ignore_braces no_bare_glob_qual",
        "emulate ksh; PS1='ready> '",
        "emulate sh; PS1='ready> '",
        "alias local=false print=false zle=false exec=false -g NUL=x; setopt aliases",
        "IFS=:; setopt cshnullcmd cshjunkiequotes",
    ],
}
CASES = [
    pytest.param(kind, options, id=f"{kind}-{number}")
    for kind, settings in EXTREMES.items()
    for number, options in enumerate(settings)
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "options"), CASES)
def test_recording_and_picking_under_extreme_options(
    kind: str, options: str, when: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, **{when: options}) as shell:
        assert shell.picture() == "ready>"
        shell.run("/bin/echo 'a  b'")
        shell.send("unpack" + ctrl("R"))
        shell.wait_for("❯", "tar -xzf backup.tgz")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
        shell.send(ctrl("U") + "/bin/echo done" + ENTER)
        shell.wait_for("\ndone\nready>")
    assert home.commands() == ["/bin/echo 'a  b'", "/bin/echo done"]
    assert not any(file.read_bytes().strip() for file in (home.data / "spool").glob(".line.*"))
