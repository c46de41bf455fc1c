"""Lemma rules from treebanks: for each part of speech the ending decides; what the endings get wrong is listed."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from contested.text.lemmas import Lemmas

from .examples import Example

LONGEST_ENDING = 6
KEPT = 2  # word types that must share an ending before it becomes a rule


def edit(form: str, lemma: str) -> tuple[int, str] | None:
    """(letters to cut, letters to add) from a lower-case form to its lemma; None for unrelated words."""
    lemma = lemma.lower()
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return (len(form) - same, lemma[same:]) if len(form) - same <= 5 and (same or len(form) == 1) else None


VERBS = tomllib.loads(Path(__file__).with_name("verbs.toml").read_text(encoding="utf-8"))
NOUNS = {"bases": "base", "ieds": "IED", "militiamen": "militiaman", "tribesmen": "tribesman", "guardsmen": "guardsman"}


def listed() -> dict[tuple[str, str], str]:
    """(form, pos) → lemma of the verbs and nouns listed by hand."""
    found = {(form, "NOUN"): lemma for form, lemma in NOUNS.items()}
    for verb in VERBS["regular"]:
        lemma, doubled = verb.rstrip("*"), verb.endswith("*")
        stem = lemma + lemma[-1] if doubled else lemma.removesuffix("e") if not lemma.endswith("ee") else lemma
        past = lemma[:-1] + "ied" if lemma.endswith("y") and lemma[-2] not in "aeiou" else stem + "ed"
        past = lemma + "d" if lemma.endswith("ee") else past
        found |= {(form, "VERB"): lemma for form in (past, stem + "ing")}
    for lemma, forms in VERBS["irregular"].items():
        found |= {(form, "VERB"): lemma for form in forms}
    return found


def learn_lemmas(examples: list[Example]) -> list[str]:
    """Lines of the shipped table: `pos<TAB>-ending<TAB>cut<TAB>add` rules, then `pos<TAB>form<TAB>lemma` exceptions."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in examples:
        for word, lemma, pos in zip(one.words, one.lemmas, one.upos, strict=True):
            if lemma != "_" and not any(c.isdigit() for c in word) and len(word) < 25:
                seen[word.lower() if pos != "PROPN" else word, pos][lemma] += 1
    best = {key: counts.most_common(1)[0] for key, counts in seen.items()}
    for key, lemma in listed().items():
        if lemma != "lie" or key not in best:  # treebanks have slips (fled: flead), but only context tells lay from lay
            best[key] = lemma, 2
    lines = _rules(best)
    table = Lemmas(lines)
    for (form, pos), (lemma, count) in sorted(best.items()):
        if table(form, pos) != lemma and (count > 1 or edit(form, lemma)) and pos != "X":
            lines.append(f"{pos}\t{form}\t{lemma}")
    return lines


def _rules(best: dict[tuple[str, str], tuple[str, int]]) -> list[str]:
    votes: dict[tuple[str, str], Counter[tuple[int, str]]] = defaultdict(Counter)
    for (form, pos), (lemma, _) in best.items():
        change = edit(form.lower(), lemma)
        if change and pos != "PROPN":
            for size in range(min(LONGEST_ENDING, len(form)) + 1):
                if change[0] <= size:
                    votes[pos, form[len(form) - size :]][change] += 1
    chosen: dict[tuple[str, str], tuple[int, str]] = {}
    for (pos, ending), counts in sorted(votes.items(), key=lambda one: len(one[0][1])):
        change, count = counts.most_common(1)[0]
        endings = (ending[i:] for i in range(1, len(ending) + 1))
        shorter = next((chosen[pos, one] for one in endings if (pos, one) in chosen), (0, ""))
        if change != shorter and count >= KEPT and count > 0.6 * counts.total():
            chosen[pos, ending] = change
    return [f"{pos}\t-{ending}\t{cut}\t{add}" for (pos, ending), (cut, add) in sorted(chosen.items())]


def write_lemmas(examples: list[Example], target: Path) -> None:
    target.write_text("\n".join(learn_lemmas(examples)) + "\n", encoding="utf-8")
