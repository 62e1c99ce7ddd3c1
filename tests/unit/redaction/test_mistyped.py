"""Passwords typed where a command belongs: told by exit status 127 and their looks."""

import pytest

from backend.redaction.mask import MARK, mistyped_password, redact

PASSWORDS = (
    "Violetcomet7026 ls|Violetcomet7026|hunter2!|tr0ub4d0r&3|correcthorse99!|Summer2024|S3cr3tPw"
    "|xK9mQ2vL7p|aB3$dE6^gH|letmein2019|qwerty12345|Winter2025! ls|abc123XYZ|G7#kk2pw|P@ssw0rd1"
).split("|")
TYPOS = (
    "gti status|sl|pyhton3 x.py|python310|gcc-12 x.c|clang-format-14 f|sha256sum f|md5sun f|cd.."
    "|x86_64-linux-gnu-gcc|x86_64-linux-gnu-addr2line f|node18|k9s|aws2 s3 ls|lsb_release|ls-la"
    "|dockre ps|git@github.com:a/b.git|bob@h|192.168.1.1|a1b2c3d4e5f6|./x1Y2z3.sh|Rscript x|7zip"
    "|MATLAB|kubectl1 get pods|systemclt restart x|foo%|e2fsck2|h2load9|psql14|llvm-config-15"
    "|v1.2.3|README.md|nvm20|echo$|FOO=bar|http://h/x|0x1F4|qemu-system-x86_64|mp3splt|FileCheck-14"
    "|MyTool2024 --help|i686-w64-mingw32-gcc|12345678|deploy2prod"
).split("|")


@pytest.mark.parametrize("command", PASSWORDS)
def test_a_password_that_is_no_program_is_masked(command: str) -> None:
    masked = redact(command, 127)
    assert masked == MARK + command[len(command.split()[0]) :]
    assert redact(masked, 127) == masked


@pytest.mark.parametrize("command", TYPOS)
def test_a_mistyped_program_stays(command: str) -> None:
    assert redact(command, 127) == command
    assert mistyped_password(command) is None


@pytest.mark.parametrize("command", ["Violetcomet7026 ls", "Summer2024", "qwerty12345"])
@pytest.mark.parametrize("exit", [None, 0, 1, 126, 130])
def test_what_was_found_or_is_not_known_stays(command: str, exit: int | None) -> None:
    assert redact(command, exit) == command
