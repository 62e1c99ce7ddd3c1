"""Values of options found by the words that people have for them, by a real daemon."""

from pathlib import Path

import pytest
from support.install import Deja, wait_until

# What is asked, the command that it means, and those that it could be taken for.
CASES = [
    ("files modified in the last 48 hours", "find . -mtime -2", "find . -mtime +2"),
    ("files older than two days", "find . -mtime +2", "find . -mtime -2"),
    ("files changed within the last 2 hours", "find . -mmin -120", "find . -mmin +120"),
    ("files bigger than a hundred megabytes", "find . -size +100M", "find . -size -100M"),
    ("files smaller than 100 MB", "find . -size -100M", "find . -size +100M"),
    ("disable a shell option", "shopt -u extglob", "shopt -s extglob"),
    ("mount read only", "mount -o ro /dev/sdb1 /mnt", "mount -o rw /dev/sdb1 /mnt"),
    ("mount writable", "mount -o rw /dev/sdb1 /mnt", "mount -o ro /dev/sdb1 /mnt"),
    ("files here, not in subdirectories", "find . -maxdepth 1 -type f", "find . -type f"),
    ("second field of each line", "cut -f2 table", "cut -f3 table"),
    ("third column", "cut -f3 table", "cut -f2 table"),
    ("search the whole file system", "find / -name core", "find . -name core"),
    ("kill a process by force", "kill -9 4242", "kill -15 4242"),
    ("end a process gently", "kill -15 4242", "kill -9 4242"),
    ("everybody may read, write and execute", "chmod 777 shared", "chmod 600 shared"),
    ("only the owner may read and write", "chmod 600 shared", "chmod 777 shared"),
    ("the last hundred lines", "tail -n 100 app.log", "tail -n 20 app.log"),
    ("the last twenty lines", "tail -n 20 app.log", "tail -n 100 app.log"),
    ("commits of the last 48 hours", "git log --since '2 days ago'", "git log -2"),
    ("log of the last hour", "journalctl --since '1 hour ago'", "journalctl -n 60"),
    ("throw the output away", "make > /dev/null", "make"),
    ("hide the error messages", "make 2> /dev/null", "make > /dev/null"),
    ("lines without a word", "grep -v banana fruit", "grep banana fruit"),
    ("files that are not text", "find . ! -name '*.txt'", "find . -name '*.txt'"),
    ("commit without the hooks", "git commit --no-verify", "git commit --verbose"),
    ("wait for two hours", "sleep 2h", "sleep 2m"),
    ("space used by the whole disk", "du -sh /", "du -sh ."),
]


@pytest.mark.slow
def test_the_right_value_comes_first(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    commands = {command for _, *pair in CASES for command in pair}
    deja.record(*sorted(commands))
    deja.start()
    wait_until(lambda: deja.status().get("embedded") == str(len(commands)), "the embedding")
    missed = []
    for asked, right, _ in CASES:
        found = deja.search(asked, mode="auto")
        if found[0] != right:
            missed.append((asked, right, found[:3]))
    assert missed == []
