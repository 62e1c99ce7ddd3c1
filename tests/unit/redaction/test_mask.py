"""Masking of secrets: rates on samples, exactness, hostile text.

`python scripts/quality/measure_redaction.py` prints the rates.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.redaction.mask import MARK, find, redact
from scripts.quality.measure_redaction import SETS, Sample, harmless, secrets

# Pieces that the rules look for, so that random text reaches them.
FRAGMENTS = [
    *"abc123 '\"\\$`(){}[]:;,=&|<>@/-_\n\0\udcff",
    "password",
    "password=",
    "--token ",
    "TOKEN=",
    "api_key: ",
    "mysql -p",
    "curl -u a:b ",
    "sudo -S ",
    "echo x | ",
    "<<<",
    "Authorization: Bearer ",
    "https://a:b@c ",
    "AKIA" + "Q" * 16,
    "-----BEGIN PRIVATE KEY-----",
    "-----END",
    "A" * 20,
    "htpasswd -b f u p",
    "vault kv put s k=v ",
    "sqlplus a/b@c ",
    "$(",
    "${x}",
    '\\"',
    MARK,
    MARK[:5],
    MARK[3:],
]
hostile_text = st.lists(st.sampled_from(FRAGMENTS)).map("".join)


def share_right(samples: list[Sample]) -> float:
    return sum(sample.is_right(redact(sample.command)) for sample in samples) / len(samples)


@pytest.mark.parametrize("name", SETS)
def test_at_least_99_percent_of_secrets_are_masked(name: str) -> None:
    assert share_right(secrets(name)) >= 0.99


@pytest.mark.parametrize("name", SETS)
def test_at_most_half_a_percent_of_look_alikes_is_touched(name: str) -> None:
    assert share_right(harmless(name)) >= 0.995


def test_the_samples_are_as_many_as_asked_for() -> None:
    assert sum(len(secrets(name)) for name in SETS) >= 200
    assert sum(len(harmless(name)) for name in SETS) >= 500


@pytest.mark.parametrize("name", SETS)
def test_masked_samples_are_marked_and_stay_as_they_are(name: str) -> None:
    for sample in secrets(name):
        masked = redact(sample.command)
        assert redact(masked) == masked
        assert MARK in masked


@pytest.mark.parametrize(
    ("command", "masked"),
    [
        ("mysql -u root -phunter2 shop", f"mysql -u root -p{MARK} shop"),
        ("mysql -p'two words' shop", f"mysql -p'{MARK}' shop"),
        ("export A_PASSWORD='two words' B=1", f"export A_PASSWORD='{MARK}' B=1"),
        ("curl -su admin:pw\t http://h", f"curl -su admin:{MARK}\t http://h"),
        ("git clone https://me:pw@h/r.git", f"git clone https://me:{MARK}@h/r.git"),
        ("curl -H 'Authorization: Bearer abcd'", f"curl -H 'Authorization: Bearer {MARK}'"),
        ('curl -d \'{"password": "p", "a": 1}\'', f'curl -d \'{{"password": "{MARK}", "a": 1}}\''),
        ("ssh h 'echo pw | sudo -S ls'", f"ssh h 'echo {MARK} | sudo -S ls'"),
        ("x --token a1b2c3 --user me", f"x --token {MARK} --user me"),
        ("TOKEN=a1 X=$(Y_TOKEN=b2 z)", f"TOKEN={MARK} X=$(Y_TOKEN={MARK} z)"),
        ("openssl rsa -passin pass:pw -in k", f"openssl rsa -passin pass:{MARK} -in k"),
        ("mysql shop < dump.sql -ppw", f"mysql shop < dump.sql -p{MARK}"),
        ("tool -u me -p pw1 host", f"tool -u me -p {MARK} host"),
        ("secretsdump.py corp/me:pw1@10.0.0.1", f"secretsdump.py corp/me:{MARK}@10.0.0.1"),
        ("a\nDB_PASSWORD=pw\nb\udcff", f"a\nDB_PASSWORD={MARK}\nb\udcff"),
    ],
)
def test_only_the_value_goes(command: str, masked: str) -> None:
    assert redact(command) == masked


@pytest.mark.parametrize(
    "command",
    [
        'mysql -p"$PW"',
        "mysql -p$(pass db)",
        "PASSWORD= x",
        "PASSWORD='' x",
        "API_TOKEN=${1:-} x",
        "SSH_KEY=~/.ssh/id_rsa x",
        "TLS_KEY=/etc/ssl/private/a.key x",
        "mkdir -p x",
        "ssh -p 22 h",
        "docker run --name mysql -p3306:3306 mysql:8",
        "deno run npm:cowsay@1.5.0",
        "./serve.py package.module:app",
        "docker pull alpine:3@sha256:" + "ab" * 32,
        "sudo -u www mkdir -p dir",
        "uv venv -p 3.12",
        "uv venv -p pypy",
        "docker run -u 1000 -p 80:80 nginx",
    ],
)
def test_what_is_no_value_stays(command: str) -> None:
    assert redact(command) == command
    assert find(command) == []


def test_find_gives_spans_and_kinds_in_order() -> None:
    command = "curl -u me:first -H 'X-Api-Key: second' https://h?access_token=third"
    findings = find(command)
    assert [command[f.start : f.end] for f in findings] == ["first", "second", "third"]
    assert all(finding.kind for finding in findings)


@given(hostile_text | st.text())
def test_any_text_is_redacted_once_and_for_all(command: str) -> None:
    masked = redact(command)
    assert redact(masked) == masked
    assert find(masked) == []


@given(hostile_text)
def test_everything_but_the_findings_stays(command: str) -> None:
    findings = find(command)
    kept, done = [], 0
    for finding in findings:
        assert done <= finding.start < finding.end <= len(command)
        kept.append(command[done : finding.start])
        done = finding.end
    kept.append(command[done:])
    masked = redact(command)
    if not findings:
        assert masked == command
    elif masked != MARK:
        assert masked.startswith(kept[0])
        assert masked.endswith(kept[-1][-1:])


@pytest.mark.slow
@pytest.mark.parametrize(
    "fragment", sorted({*FRAGMENTS, "${", "eyJ-", "sk-", "://", "'\"", "a=b&"})
)
def test_long_hostile_text_takes_linear_time(fragment: str) -> None:
    """100 KB take well under 2 s here; anything quadratic takes minutes."""
    text = "mysql curl password " + fragment * (100_000 // len(fragment))
    started = time.monotonic()
    redact(text)
    assert time.monotonic() - started < 30
