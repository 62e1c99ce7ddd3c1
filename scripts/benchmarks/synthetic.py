"""Histories of any size to measure with: commands made from patterns, the same for a given seed."""

import random
from collections.abc import Iterator

PATTERNS = (
    "cd {path}",
    "ls -la {path}",
    "git checkout -b {word}/{word}-{number}",
    "git commit -m '{word} {word} {word}'",
    "git log --oneline --author={word} {path}",
    "git push origin {word}-{number}",
    "git rebase -i HEAD~{number}",
    "docker run --rm -it -v {path}:/data {word}:{number} bash",
    "docker logs -f {word}-{number} | grep {word}",
    "kubectl get pods -n {word} | grep {word}",
    "kubectl -n {word} logs deploy/{word}-{number} --tail={number}",
    "ssh {word}@{word}{number}.example.com 'tail -n {number} {path}/{word}.log'",
    "scp {path}/{word}.tar.gz {word}@{word}{number}:{path}",
    "tar -xzf {word}-{number}.tar.gz -C {path}",
    "find {path} -name '*.{word}' -mtime -{number} -exec rm {{}} +",
    "grep -rn '{word}_{word}' {path} --include='*.py'",
    "sed -i 's/{word}/{word}{number}/g' {path}/{word}.conf",
    "awk -F, '${number} > {number} {{print $1}}' {path}/{word}.csv | sort | uniq -c",
    "curl -s https://{word}.example.com/{word}/{number} | jq '.{word}[] | .{word}'",
    "psql -h {word}{number} -d {word} -c 'select count(*) from {word}_{word} where id > {number}'",
    "python3 {path}/{word}.py --{word} {number} --{word}={word}",
    "pip install {word}=={number}.{number}",
    "npm run {word}:{word} -- --port {number}",
    "systemctl restart {word}-{word}.service",
    "journalctl -u {word}-{word} --since '{number} min ago'",
    "rsync -avz --delete {path}/ {word}@{word}{number}:{path}/",
    "ffmpeg -i {word}-{number}.mov -vf scale={number}:-1 {word}.mp4",
    "for f in {path}/*.{word}; do mv $f {path}/{word}-{number}; done",
    "export {word}_{word}={path}",
    "make {word} {word}=={number} -j{number}",
)
_SYLLABLES = "ba co da fe gi ho ju ka lo mi na po qui ro sa tu va we xi zo".split()
_COMMON = (
    "api web prod staging test build main user data log cache index report order auth backup "
    "model image deploy config queue mail node batch client server admin stage local release"
).split()


def commands(count: int, seed: int = 1) -> Iterator[str]:
    """`count` distinct commands."""
    chance = random.Random(seed)
    seen: set[int] = set()
    while len(seen) < count:
        command = _fill(chance.choice(PATTERNS), chance)
        key = hash(command)
        if key not in seen:
            seen.add(key)
            yield command


def _fill(pattern: str, chance: random.Random) -> str:
    """The pattern with each slot filled by itself: two {word}s are two words."""
    while (start := _first_slot(pattern)) is not None:
        name = pattern[start + 1 : pattern.index("}", start)]
        pattern = f"{pattern[:start]}{_SLOTS[name](chance)}{pattern[start + len(name) + 2 :]}"
    return pattern.replace("{{", "{").replace("}}", "}")


def _first_slot(pattern: str) -> int | None:
    places = [place for name in _SLOTS if (place := pattern.find(f"{{{name}}}")) >= 0]
    return min(places, default=None)


def _word(chance: random.Random) -> str:
    """Half of the words are common ones, half are rare, as in real histories."""
    if chance.random() < 0.5:
        return chance.choice(_COMMON)
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4))))


def _path(chance: random.Random) -> str:
    return "/" + "/".join(_word(chance) for _ in range(chance.choice((1, 2, 2, 3))))


def _number(chance: random.Random) -> str:
    return str(chance.choice((chance.randint(1, 9), chance.randint(10, 9999))))


_SLOTS = {"word": _word, "path": _path, "number": _number}
