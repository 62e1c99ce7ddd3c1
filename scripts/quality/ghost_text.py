"""Ghost text replayed: what is shown behind the letters typed, by deja and by zsh-autosuggestions.

The strategies `history` and `match_prev_cmd` are those of zsh-autosuggestions 0.7.0, by its source;
tests/scripts/test_ghost_text.py holds them against the plugin itself. It suggests nothing on an
empty line, so nobody does here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from backend.ranking.need import Need, Where

# One key accepts what is shown.
ACCEPT = 1
# Entries that begin so and are looked at by match_prev_cmd.
MOST_ENTRIES = 200
_ESCAPED = str.maketrans({letter: f"\\{letter}" for letter in "\"'\\()[]|*?~"})


def history(entries: Sequence[str], prefix: str) -> str | None:
    """The newest entry that begins with `prefix`. entries: oldest first."""
    return next((entry for entry in reversed(entries) if entry.startswith(prefix)), None)


def match_prev_cmd(entries: Sequence[str], prefix: str) -> str | None:
    """The same, but of the newest 200 rather one that came after the command that ran last."""
    # The plugin escapes that command as a pattern and then compares it as a plain text.
    last = entries[-1].translate(_ESCAPED) if entries else ""
    found = (at for at in reversed(range(len(entries))) if entries[at].startswith(prefix))
    newest = None
    for count, at in enumerate(found):
        newest = entries[at] if newest is None else newest
        # The first of all has none before it.
        if count == MOST_ENTRIES or at < 1:
            break
        if entries[at - 1] == last:
            return entries[at]
    return newest


@dataclass
class Shown:
    """For each run, the letters after which the command itself was shown, or None."""

    after: list[int | None] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def share(self, letters: int) -> float:
        """Of all runs, those shown after so many letters or fewer."""
        return sum(at is not None and at <= letters for at in self.after) / max(1, len(self.after))

    @property
    def saved(self) -> int:
        """Keys not pressed."""
        pairs = zip(self.after, self.sizes, strict=True)
        return sum(max(0, size - at - ACCEPT) for at, size in pairs if at is not None)


def replay(runs: np.ndarray, texts: Sequence[str], start: int) -> dict[str, Shown]:
    """Type every run from number `start` on, with what was known before it; by strategy. runs:
    need.RUN; texts: by row.
    """
    shown = {name: Shown() for name in ("deja", "history", "match_prev_cmd")}
    need, entries = Need(), [texts[row] for row in runs["row"][:start]]
    need.add(runs[:start])
    known = set(runs["row"][:start].tolist())
    for number in range(start, len(runs)):
        run = runs[number]
        row = int(run["row"])
        where = Where(*(int(run[name]) for name in ("session", "directory", "repository")))
        likelihoods = need.likelihoods(len(texts), where)
        worth = sorted(((float(likelihoods[row]), row) for row in known), reverse=True)
        ranked = [row for _, row in worth]
        after = {
            "deja": _after_ranked(texts[row], (texts[row] for row in ranked)),
            "history": _after_ranked(texts[row], reversed(entries)),
            "match_prev_cmd": _after(texts[row], entries),
        }
        for name, at in after.items():
            shown[name].after.append(at)
            shown[name].sizes.append(len(texts[row]))
        need.add(runs[number : number + 1])
        known.add(row)
        entries.append(texts[row])
    return shown


def _after_ranked(text: str, ranked: Iterator[str]) -> int | None:
    """After how many letters `text` is the first of `ranked` that begins so."""
    letters = 1
    for other in ranked:
        if other == text:
            return letters if letters < len(text) else None
        while letters < len(text) and other.startswith(text[:letters]):
            letters += 1
    return None


def _after(text: str, entries: Sequence[str]) -> int | None:
    if text not in entries:
        return None
    for letters in range(1, len(text)):
        if match_prev_cmd(entries, text[:letters]) == text:
            return letters
    return None


def report(shown: dict[str, Shown]) -> str:
    """A line for each strategy."""
    count = len(shown["deja"].after)
    typed = sum(shown["deja"].sizes)
    lines = [
        f"ghost text, {count:,} commands of {typed:,} keys: after 1, 2, 3 letters, keys saved",
        *(
            f"  {name:15}{of.share(1):.3f}  {of.share(2):.3f}  {of.share(3):.3f}   {of.saved:,}"
            for name, of in shown.items()
        ),
    ]
    return "\n".join(lines)
