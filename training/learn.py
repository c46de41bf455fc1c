"""The training loop: two processes of one thread average their gradients; the clock drives the schedule."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn

from .batches import collate, endless
from .model import Reader, pretrained
from .prepare import SHARES
from .score import quick

WEIGHTS = {"upos": 0.6, "arcs": 1.0, "labels": 0.7, "gmb": 1.0, "plo": 0.8, "speech": 0.5}


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


def groups(reader: Reader, plan: Plan) -> torch.optim.AdamW:
    """AdamW: word vectors frozen, the encoder slow, the heads fast, no decay on biases and norms."""
    reader.encoder.words.weight.requires_grad_(False)
    reader.encoder.positions.weight.requires_grad_(False)
    reader.encoder.kind.requires_grad_(False)
    reader.encoder.norm.requires_grad_(False)
    kinds: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in reader.named_parameters():
        if parameter.requires_grad:
            slow = name.startswith("encoder.") and not name.startswith("encoder.casing")
            rate = plan.rate if slow else plan.rate_heads
            if name.startswith(("encoder.blocks.0.", "encoder.blocks.1.")):
                rate = plan.rate / 2
            kinds.setdefault((rate, 0.01 if parameter.dim() > 1 else 0.0), []).append(parameter)
    return torch.optim.AdamW([{"params": parameters, "lr": rate, "initial": rate, "weight_decay": decay}
                              for (rate, decay), parameters in kinds.items()], betas=(0.9, 0.98))


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
        p.grad.copy_(flat[at:at + p.numel()].view_as(p))
        at += p.numel()


def freeze_low(reader: Reader, frozen: bool) -> None:
    reader.encoder.low_frozen = frozen
    for block in reader.encoder.blocks[:2]:
        block.requires_grad_(not frozen)


def learn(rank: int, world: int, data: dict, base: Path, out: Path, plan: Plan) -> None:
    """One process of the run; process 0 writes checkpoint.pt and learn.log, and resumes from them."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed + rank)
    if world > 1:
        os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29511"}
        dist.init_process_group("gloo", rank=rank, world_size=world)
    reader = pretrained(base, len(data["labels"]))
    freeze_low(reader, False)
    optimiser = groups(reader, plan)
    freeze_low(reader, True)
    spent, step, kept = 0.0, 0, out / "checkpoint.pt"
    if kept.exists():
        saved = torch.load(kept, weights_only=True)
        reader.load_state_dict(saved["reader"])
        optimiser.load_state_dict(saved["optimiser"])
        spent, step = saved["spent"], saved["step"]
    seed = plan.seed + 1000 * rank + step
    batches, dice = endless(data["train"], SHARES, plan.size, seed), np.random.default_rng(seed)
    _steps(rank, world, data, reader, optimiser, batches, dice, (spent, step), out, plan)
    if world > 1:
        dist.destroy_process_group()


def _steps(rank, world, data, reader, optimiser, batches, dice, begun, out, plan):  # type: ignore[no-untyped-def]
    spent, step = begun
    start, last_save, seen, meter = time.monotonic() - spent, spent, 0, {}
    reader.train()
    while True:
        clock = torch.tensor([time.monotonic() - start])
        if world > 1:
            dist.broadcast(clock, 0)
        progress = min(1.0, float(clock) / plan.seconds)
        if reader.encoder.low_frozen and progress >= plan.thaw:
            freeze_low(reader, False)
        for group in optimiser.param_groups:
            group["lr"] = group["initial"] * max(0.0, pace(progress, plan))
        batch = collate(next(batches), dice)
        with torch.autocast("cpu", torch.bfloat16, enabled=plan.bf16):
            losses = reader.losses(batch)
            loss = sum(WEIGHTS[name] * value for name, value in losses.items() if value.isfinite())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if world > 1:
            average(reader, world)
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        step, seen = step + 1, seen + int((batch["pieces"] > 0).sum())
        for name, value in losses.items():
            meter[name] = 0.98 * meter.get(name, value.item()) + 0.02 * value.item()
        if rank == 0 and step % 50 == 0:
            rate = seen * world / (time.monotonic() - start - spent)
            note(out, {"step": step, "s": round(float(clock)), "pieces/s": round(rate),
                       **{k: round(v, 3) for k, v in meter.items()}})
        done = progress >= 1.0
        if done or float(clock) - last_save > plan.save_every:
            last_save = float(clock)
            if rank == 0:
                save(reader, optimiser, float(clock), step, data, out, plan)
        if done:
            return


def save(reader: Reader, optimiser: torch.optim.Optimizer, spent: float, step: int, data: dict, out: Path,
         plan: Plan) -> None:
    """Checkpoint, then a quick development score in the log."""
    state = {"reader": reader.state_dict(), "optimiser": optimiser.state_dict(), "spent": spent, "step": step,
             "labels": data["labels"], "plan": asdict(plan)}
    torch.save(state, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")
    reader.eval()
    note(out, {"saved": step, **quick(reader, {name: one[:250] for name, one in data["dev"].items()})})
    reader.train()


def note(out: Path, line: dict) -> None:
    with (out / "learn.log").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
