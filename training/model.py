"""The network: MiniLM-L6, a casing embedding after its second layer, and one head per annotation scheme."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from .examples import GMB, PLO, SPEECH, UPOS

WIDTH, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1024, 30522, 512
CASES, LOW, ARC, LABEL = 8, 2, 256, 192
DEPTHS = (LOW, 4, LAYERS)  # layers whose word vectors the reading head sees
TAGS = ("upos", "gmb", "plo", "speech")


class Block(nn.Module):
    """One BERT layer."""

    def __init__(self, dropout: float, inner: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, inner)
        self.down = nn.Linear(inner, WIDTH)
        self.ease: Tensor
        self.register_buffer("ease", torch.ones(inner), persistent=False)  # outliers.py sets it, for shipping only
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = x.shape
        parts = self.qkv(x).split(WIDTH, -1)
        q, k, v = (part.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2) for part in parts)
        if torch.onnx.is_in_onnx_export():
            weights = torch.softmax(q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask, -1)
            mixed = weights @ v
        else:
            mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
        x = self.norm1(x + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, length, WIDTH))))
        inner = functional.gelu(self.up(x))
        if torch.onnx.is_in_onnx_export():
            inner = inner * self.ease
        return self.norm2(x + self.drop(self.down(inner)))


class Encoder(nn.Module):
    """Word pieces to word vectors [batch, 1 + words, WIDTH]; the vector at 0 is the root's."""

    def __init__(self, dropout: float = 0.1, inner: int = INNER) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.casing = nn.Embedding(CASES, WIDTH)
        nn.init.zeros_(self.casing.weight)
        self.blocks = nn.ModuleList(Block(dropout, inner) for _ in range(LAYERS))
        self.drop = nn.Dropout(dropout)
        self.low_frozen = True

    def low(self, pieces: Tensor, mask: Tensor) -> Tensor:
        at = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.norm(self.words(pieces) + self.positions(at) + self.kind)
        for block in self.blocks[:LOW]:
            x = block(x, mask)
        return x

    def forward(self, pieces: Tensor, casing: Tensor, first: Tensor) -> Tensor:
        return self.depths(pieces, casing, first)[-1]

    def depths(self, pieces: Tensor, casing: Tensor, first: Tensor) -> list[Tensor]:
        """The word vectors after each of the layers in DEPTHS, the last layer's last."""
        mask = torch.where(pieces[:, None, None, :] == 0, -1e4, 0.0)
        if self.low_frozen:
            self.blocks[:LOW].eval()
            with torch.no_grad():
                x = self.low(pieces, mask)
        else:
            x = self.low(pieces, mask)
        seen = [x]
        x = x + self.casing(casing)
        for number, block in enumerate(self.blocks[LOW:], LOW + 1):
            x = block(x, mask)
            seen += [x] if number in DEPTHS else []
        index = torch.cat([torch.zeros_like(first[:, :1]), first], 1)[..., None].expand(-1, -1, WIDTH)
        return [self.drop(torch.gather(each, 1, index)) for each in seen]


class Reader(nn.Module):
    """Encoder and heads. Scores a word with each head; a dependency label from the pair (word, head)."""

    def __init__(self, labels: int, dropout: float = 0.1, inner: int = INNER) -> None:
        super().__init__()
        self.encoder = Encoder(dropout, inner)
        self.upos = nn.Linear(WIDTH, len(UPOS))
        self.gmb = nn.Linear(WIDTH, len(GMB))
        self.plo = nn.Linear(WIDTH, len(PLO))
        self.speech = nn.Sequential(nn.Linear(WIDTH, 192), nn.GELU(), nn.Linear(192, len(SPEECH)))
        self.arc_word = nn.Linear(WIDTH, ARC)
        self.arc_head = nn.Linear(WIDTH, ARC)
        self.arc_pair = nn.Linear(ARC, ARC, bias=False)
        self.arc_bias = nn.Linear(ARC, 1)
        self.label_word = nn.Linear(WIDTH, LABEL)
        self.label_head = nn.Linear(WIDTH, LABEL)
        self.label_out = nn.Linear(LABEL, labels)
        self.drop = nn.Dropout(dropout)

    def arcs(self, x: Tensor) -> Tensor:
        """[batch, words, 1 + words] scores of each head for each word; column 0 is the root."""
        word = self.drop(functional.relu(self.arc_word(x[:, 1:])))
        head = self.drop(functional.relu(self.arc_head(x)))
        return self.arc_pair(word) @ head.transpose(1, 2) * ARC**-0.5 + self.arc_bias(head).transpose(1, 2)

    def labels_under(self, x: Tensor, heads: Tensor) -> Tensor:
        """[batch, words, labels] scores of each word's label given its head [batch, words], 0 the root."""
        head = torch.gather(self.label_head(x), 1, heads[..., None].expand(-1, -1, LABEL))
        return self.label_scores(self.label_word(x[:, 1:]), head)

    def label_scores(self, word: Tensor, head: Tensor) -> Tensor:
        return self.label_out(self.drop(functional.relu(word + head)))

    def forward(self, pieces: Tensor, casing: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        depths = self.encoder.depths(pieces, casing, first)
        x = depths[-1]
        words = x[:, 1:]
        return (
            self.upos(words),
            self.arcs(x),
            self.label_word(words),
            self.label_head(x),
            self.gmb(words),
            self.plo(words),
            self.speech(words),
            torch.cat([each[:, 1:] for each in depths], -1),
        )

    def losses(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """One loss for each layer that the batch has: gold, and what a teacher thinks of layers without gold."""
        x = self.encoder(batch["pieces"], batch["casing"], batch["first"])
        words = x[:, 1:]
        found = {name: entropy(getattr(self, name)(words), batch[name]) for name in TAGS if name in batch}
        found |= {
            f"{name}?": doubt(getattr(self, name)(words), batch[f"{name}?"]) for name in TAGS if f"{name}?" in batch
        }
        for mark, loss in (("", entropy), ("?", doubt)):
            if f"arcs{mark}" in batch:
                scores = self.arcs(x).masked_fill(batch["empty"][:, None, :], -1e4)
                wanted = batch[f"arcs{mark}"]
                found[f"arcs{mark}"] = loss(scores, wanted)
                best = wanted.argmax(-1) if mark else wanted.clamp(min=0)
                found[f"labels{mark}"] = loss(self.labels_under(x, best), batch[f"labels{mark}"])
        return found


def entropy(scores: Tensor, gold: Tensor) -> Tensor:
    return functional.cross_entropy(scores.flatten(0, 1).float(), gold.flatten(), ignore_index=-100)


def doubt(scores: Tensor, teacher: Tensor) -> Tensor:
    """Cross-entropy with a teacher's probabilities (Hinton, Vinyals and Dean 2015); words without any do not count."""
    told = teacher.sum(-1) > 0
    return -(teacher * functional.log_softmax(scores.float(), -1)).sum() / told.sum().clamp(min=1)


def pretrained(folder: Path, labels: int, dropout: float = 0.1) -> Reader:
    """A Reader whose encoder has the published MiniLM-L6 weights."""
    weights = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    reader = Reader(labels, dropout, len(weights["encoder.layer.0.intermediate.dense.bias"]))
    ours: dict[str, Tensor] = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "positions.weight": weights["embeddings.position_embeddings.weight"],
        "kind": weights["embeddings.token_type_embeddings.weight"][0],
        "casing.weight": torch.zeros(CASES, WIDTH),
    }
    for end in ("weight", "bias"):
        ours[f"norm.{end}"] = weights[f"embeddings.LayerNorm.{end}"]
        for i in range(LAYERS):
            theirs = f"encoder.layer.{i}"
            parts = [weights[f"{theirs}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            ours |= {
                f"blocks.{i}.qkv.{end}": torch.cat(parts),
                f"blocks.{i}.out.{end}": weights[f"{theirs}.attention.output.dense.{end}"],
                f"blocks.{i}.norm1.{end}": weights[f"{theirs}.attention.output.LayerNorm.{end}"],
                f"blocks.{i}.up.{end}": weights[f"{theirs}.intermediate.dense.{end}"],
                f"blocks.{i}.down.{end}": weights[f"{theirs}.output.dense.{end}"],
                f"blocks.{i}.norm2.{end}": weights[f"{theirs}.output.LayerNorm.{end}"],
            }
    reader.encoder.load_state_dict({k: v.float() for k, v in ours.items()})
    return reader
