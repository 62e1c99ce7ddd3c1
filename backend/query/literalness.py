"""How literal a query is: text of a command to be matched, or words about one.

A logistic regression over four counts; docs/search-quality.md tells how it was learnt (descriptions
against commands and pieces of commands, from tldr-pages).
"""

import math
import re

_STOP_WORDS = """
    a an and any are as at be been between but by can contains do does each every for from get
    given had has have here how i in inside into is it its just like make many me my myself need
    no not of off on one only onto or other our out over please should show so some than that
    the their them then there these they this those to under until up use using via want was we
    what when where which while who whose why will with within without you your all also after
    before below above down more less
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_PLAIN = re.compile(r"[A-Za-z]+[.,?!]?")
_SYNTAX = re.compile(r"[|$;{}<>\\]|&& | -[A-Za-z]")
_CODE, _STOP, _STOPS, _LENGTH, _SIGNS, _ALONE = 4.87, 7.76, -3.75, -4.25, 3.07, 0.6


def literalness(text: str) -> float:
    """0 for a sentence, 1 for a command or pieces of one; two plain words come out near .5."""
    chunks = text.split()
    if not chunks:
        return 0.5
    stops = sum(chunk.lower().strip(".,?!:;'\"") in STOP_WORDS for chunk in chunks)
    coded = sum(not _PLAIN.fullmatch(chunk) for chunk in chunks)
    weight = (
        _CODE * coded / len(chunks)
        + _STOP * stops / len(chunks)
        + _STOPS * min(stops, 4)
        + _LENGTH * min(len(chunks), 12) / 12
        + _SIGNS * min(len(_SYNTAX.findall(text)), 3)
        + _ALONE
    )
    return 1 / (1 + math.exp(-weight))
