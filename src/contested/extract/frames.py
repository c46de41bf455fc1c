"""Where a frame's words are met in a sentence, and which nodes fill its roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contested.extract.lexicon import Frame, frames, listed, words_of
from contested.text import Tree

_TAKEN_FOR = {"AUX": "VERB", "PROPN": "NOUN"}


@dataclass(frozen=True, slots=True)
class Evoked:
    """A frame met at a trigger, with the node of each role that was found."""

    frame: Frame
    trigger: int
    roles: dict[str, int]

    def node(self, role: str) -> int | None:
        return self.roles.get(role)


def evoked(tree: Tree, lexicon: str) -> Iterator[Evoked]:
    """Every frame of a lexicon that a sentence evokes; at one word the first that fits."""
    words, known = words_of(lexicon), frames(lexicon)
    for node in [node for node, lemma in enumerate(tree.lemmas) if lemma in words]:
        pos = tree.tokens[node].pos
        pos, lemma = _TAKEN_FOR.get(pos, pos), tree.lemma(node)
        mistaken = "ADJ" if pos == "NOUN" else pos  # "was responsible for" may come tagged a noun
        for frame in known.get((pos, lemma), known.get((mistaken, lemma), ())):
            if _fits(tree, node, frame):
                yield Evoked(frame, node, roles_of(tree, node, frame))
                break


def _fits(tree: Tree, node: int, frame: Frame) -> bool:
    particles = tree.all(node, "compound:prt", "advmod", "case", "mark") if frame.particle else []
    if frame.particle and all(tree.lemma(c) != frame.particle for c in particles):
        return False
    return all(_leads_to(tree, node, path, words) for path, words in frame.needs.items()) and not any(
        _leads_to(tree, node, path, words) for path, words in frame.bars.items()
    )


def _leads_to(tree: Tree, node: int, path: str, words: tuple[str, ...]) -> bool:
    found = follow(tree, node, path)
    if found is None:
        return False
    return "*" in words or any(tree.lemma(n) in words for n in tree.conjuncts(found))


def roles_of(tree: Tree, node: int, frame: Frame) -> dict[str, int]:
    """The node of each role that a frame's paths lead to."""
    found = {role: follow(tree, node, paths) for role, paths in frame.roles.items()}
    return {role: n for role, n in found.items() if n is not None}


def follow(tree: Tree, node: int, paths: str) -> int | None:
    """The first node that one of these paths leads to."""
    for path in paths.split("|"):
        at: int | None = node
        for step in path.strip().split("."):
            at = _step(tree, at, step) if at is not None else None
        if at is not None:
            return at
    return None


def _party_like(tree: Tree, node: int) -> bool:
    """Whether a modifier of a noun can be who does it or with what: a name that is no place, or a word for either."""
    token = tree.tokens[node]
    named = bool(token.entity) and not token.entity.endswith(("LOC", "TIM"))
    return named or tree.lemma(node) in listed("parties", "modifiers")


def _before_mark(tree: Tree, node: int) -> int | None:
    """ "Judge A. B.'s murder": the name before the mark, where the tree hangs it elsewhere."""
    mark = next((n for n in (node - 1, node - 2) if n > 0 and tree.tokens[n].text in ("'s", "’s")), None)
    if mark is None or tree.tokens[mark - 1].pos != "PROPN":
        return None
    return next((n for n in (mark - 1, *tree.above(mark - 1)) if tree.label(n) not in ("flat", "compound")), None)


_CHILDREN = {
    "object": ("obj",), "iobj": ("iobj",), "clause": ("ccomp",), "noun": ("compound", "amod"), "case": ("case",),
    "does": ("xcomp", "ccomp", "acl", "advcl"), "xcomp": ("xcomp", "obl"), "particle": ("compound:prt",),
}  # fmt: skip


def _step(tree: Tree, node: int, step: str) -> int | None:
    if step in _CHILDREN:
        return tree.first(node, *_CHILDREN[step])
    match step:
        case "self":
            return node
        case "head":
            head = tree.tokens[node].head
            return head if head >= 0 else None
        case "agent":
            return tree.agent(node)
        case "patient":
            return tree.patient(node)
        case "poss":
            whose = tree.first(node, "nmod:poss")
            return _before_mark(tree, node) if whose is None else whose
        case "compound":
            return next(
                (c for c in tree.all(node, "compound", "amod", "nmod:poss", "nmod:desc") if _party_like(tree, c)), None
            )
        case "weapon":
            arms = listed("event", "weapons") | listed("event", "devices")
            return next((c for c in tree.all(node, "compound", "amod", "nmod") if tree.lemma(c) in arms), None)
        case "subject":
            return tree.subject(node)
        case "apposed":
            return tree.tokens[node].head if tree.label(node) == "appos" else None
        case "hyphened":  # "Saudi-backed forces"
            return tree.first(node, "obl:unmarked", "compound") if tree.label(node) == "amod" else None
    found = tree.obliques(node, *step.replace("_", " ").split("/"))
    return next((n for n in found if not tree.tokens[n].entity.endswith("TIM")), None)
