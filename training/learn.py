"""The training loop: two processes of one thread average their gradients; the clock drives the schedule."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn

from .batches import collate, endless
from .export import load
from .model import INNER, Reader, pretrained
from .narrow import narrow
from .prepare import SHARES
from .score import quick
from .start import shipped

WEIGHTS = {"upos": 0.6, "arcs": 1.0, "labels": 0.7, "gmb": 1.0, "plo": 0.8, "speech": 0.5}
MEMORY = 0.998  # of the running average of the weights, a step
TAUGHT = 0.5  # weight of a layer that a teacher filled, to that of its gold


@dataclass
class Plan:
    """What a run may spend and how fast it learns."""

    seconds: float = 4800.0
    size: int = 1400  # word pieces a batch and process
    rate: float = 3e-4
    rate_heads: float = 2e-3
    warmup: float = 0.02
    thaw: float = 0.5  # share of the run after which the two lowest layers learn too
    save_every: float = 240.0
    seed: int = 11
    bf16: bool = False
    teach: float = 0.35  # share of the run after which the network fills what corpora leave out (teacher.py)
    start: str = ""  # shipped files (a folder) or a checkpoint to go on from; the published base weights without
    inner: int = INNER  # units of each layer's feed-forward part; a wider start is narrowed


def weight(name: str) -> float:
    """How much a loss of Reader.losses counts."""
    return WEIGHTS[name.removesuffix("?")] * (TAUGHT if name.endswith("?") else 1.0)


def groups(reader: Reader, plan: Plan) -> torch.optim.AdamW:
    """AdamW: low layers and word vectors slowest, heads fast, no decay on vectors, biases and norms."""
    reader.encoder.positions.weight.requires_grad_(False)
    reader.encoder.kind.requires_grad_(False)
    reader.encoder.norm.requires_grad_(False)
    kinds: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in reader.named_parameters():
        if parameter.requires_grad:
            slow = name.startswith("encoder.") and not name.startswith("encoder.casing")
            rate = plan.rate if slow else plan.rate_heads
            if name.startswith(("encoder.blocks.0.", "encoder.blocks.1.", "encoder.words.")):
                rate = plan.rate / 2
            matrix = parameter.dim() > 1 and name != "encoder.words.weight"
            kinds.setdefault((rate, 0.01 if matrix else 0.0), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": parameters, "lr": rate, "initial": rate, "weight_decay": decay}
            for (rate, decay), parameters in kinds.items()
        ],
        betas=(0.9, 0.98),
    )


def pace(progress: float, plan: Plan) -> float:
    """Linear warm-up, then linear decay to nothing."""
    return min(progress / plan.warmup, (1 - progress) / (1 - plan.warmup))


def average(reader: Reader, world: int) -> None:
    """Mean of the gradients of all processes, in one message; a head untouched here counts as zero."""
    learning = [p for p in reader.parameters() if p.requires_grad]
    for p in learning:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
    flat = torch.cat([p.grad.flatten() for p in learning])
    dist.all_reduce(flat)
    flat /= world
    at = 0
    for p in learning:
        p.grad.copy_(flat[at : at + p.numel()].view_as(p))
        at += p.numel()


def freeze_low(reader: Reader, frozen: bool) -> None:
    reader.encoder.low_frozen = frozen
    for part in (reader.encoder.words, *reader.encoder.blocks[:2]):
        part.requires_grad_(not frozen)


@dataclass
class Run:
    """One process of a run: its network and optimiser, the clock spent and the steps made."""

    rank: int
    world: int
    reader: Reader
    optimiser: torch.optim.AdamW
    plan: Plan
    out: Path
    spent: float = 0.0
    steps: int = 0
    mean: dict[str, torch.Tensor] = field(default_factory=dict)
    device: str = "cpu"

    def resume(self) -> None:
        """Go on from checkpoint.pt where there is one."""
        kept = self.out / "checkpoint.pt"
        if kept.exists():
            saved = torch.load(kept, weights_only=True, map_location=self.device)
            self.reader.load_state_dict(saved["reader"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.spent, self.steps, self.mean = saved["spent"], saved["step"], saved["mean"]

    def remember(self) -> None:
        """Let the running average of the learning weights follow (Polyak and Juditsky 1992)."""
        memory = min(MEMORY, self.steps / (self.steps + 10))
        with torch.no_grad():
            for name, weight in self.reader.named_parameters():
                if weight.requires_grad:
                    self.mean.setdefault(name, weight.clone()).lerp_(weight, 1 - memory)

    def averaged(self) -> dict[str, torch.Tensor]:
        """The weights that ship: averages where there are any."""
        return self.reader.state_dict() | self.mean

    def pace(self, progress: float) -> None:
        """Learning rates, and the low layers' thaw, at this share of the run."""
        if self.reader.encoder.low_frozen and progress >= self.plan.thaw:
            freeze_low(self.reader, False)
        for group in self.optimiser.param_groups:
            group["lr"] = group["initial"] * max(0.0, pace(progress, self.plan))

    def step(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        """Learn from one batch, with the other processes; the loss of each layer."""
        here = {name: tensor.to(self.device) for name, tensor in batch.items()}
        with torch.autocast(self.device, torch.bfloat16, enabled=self.plan.bf16):
            losses = self.reader.losses(here)
            loss = sum(weight(name) * value for name, value in losses.items() if value.isfinite())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.world > 1:
            average(self.reader, self.world)
        nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
        self.optimiser.step()
        self.steps += 1
        if self.rank == 0:
            self.remember()
        return {name: value.item() for name, value in losses.items()}

    def save(self, data: dict) -> None:
        """Checkpoint, then a quick development score in the log."""
        state = {
            "reader": self.reader.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "mean": self.mean,
            "spent": self.spent,
            "step": self.steps,
            "labels": data["labels"],
            "plan": asdict(self.plan),
        }
        torch.save(state, self.out / "checkpoint.new")
        (self.out / "checkpoint.new").replace(self.out / "checkpoint.pt")
        judged = Reader(len(data["labels"]), inner=self.plan.inner)
        judged.load_state_dict(self.averaged())
        judged.encoder.low_frozen = False
        scores = quick(judged.eval(), {name: one[:250] for name, one in data["dev"].items()})
        note(self.out, {"saved": self.steps, **scores})


def beginning(base: Path, labels: list[str], plan: Plan) -> Reader:
    """The network that a run starts from."""
    if not plan.start:
        return pretrained(base, len(labels))
    if plan.start.endswith(".pt"):
        return load(Path(plan.start))[0]
    return shipped(Path(plan.start), labels)


def learn(rank: int, world: int, data: dict, base: Path, out: Path, plan: Plan, until: float = 1.0) -> None:
    """One process of the run, up to this share of it; process 0 writes checkpoint.pt and learn.log, and resumes."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed + rank)
    if world > 1:
        os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29511"}
        dist.init_process_group("gloo", rank=rank, world_size=world)
    reader = narrow(beginning(base, data["labels"], plan), plan.inner, data["train"]["syntax"])
    device = "cuda" if torch.cuda.is_available() else "cpu"
    reader.to(device)
    freeze_low(reader, False)
    optimiser = groups(reader, plan)
    freeze_low(reader, True)
    run = Run(rank, world, reader, optimiser, plan, out, device=device)
    run.resume()
    learn_on(run, data, until)
    if world > 1:
        dist.destroy_process_group()


def learn_on(run: Run, data: dict, until: float) -> None:
    """Steps until the clock says so, with a checkpoint now and then."""
    seed = run.plan.seed + 1000 * run.rank + run.steps
    batches, dice = endless(data["train"], SHARES, run.plan.size, seed), np.random.default_rng(seed)
    start, saved, meter = time.monotonic() - run.spent, run.spent, dict[str, float]()
    run.reader.train()
    while True:
        clock = torch.tensor([time.monotonic() - start])
        if run.world > 1:
            dist.broadcast(clock, 0)
        run.spent = float(clock)
        progress = min(1.0, run.spent / run.plan.seconds)
        run.pace(progress)
        for name, value in run.step(collate(next(batches), dice)).items():
            meter[name] = 0.98 * meter.get(name, value) + 0.02 * value
        if run.rank == 0 and run.steps % 50 == 0:
            note(run.out, {"step": run.steps, "s": round(run.spent), **{k: round(v, 3) for k, v in meter.items()}})
        if progress >= until or run.spent - saved > run.plan.save_every:
            saved = run.spent
            if run.rank == 0:
                run.save(data)
        if progress >= until:
            return


def note(out: Path, line: dict) -> None:
    with (out / "learn.log").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
