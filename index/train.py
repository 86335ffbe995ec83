"""Train the shipped Dutch embedding model from the questions, the handbook and, when imported, the essays.

A static embedding (Aarsen, 2025, "Train 400x faster static embedding models"): the vector of a text is the mean of
the vectors of its WordPiece tokens. Trained with in-batch negatives (Henderson et al., 2017) over three kinds of pairs:
a question with a passage that answers it, two questions about the same place, and two words of a family. Vocabulary,
rate and epochs were chosen on held-back bank questions; more epochs, a larger rate or fewer words lost a point or two.
"""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from index.build import embedded_text
from index.embedding import SentenceEmbedding
from index.questions import BankQuestion, assign
from index.types import Anchor, Kind, Passage

SEED = 20260401
_UNKNOWN = "[UNK]"
_RELATED, _OFTEN = 4, 3
VOCABULARY, DIMENSIONS = 8_000, 256
EPOCHS, BATCH, RATE = 3, 512, 0.02

HELD_BACK = 10
"""One in so many questions of a place is kept out of training to measure with."""

Pair = tuple[str, str]
Ranker = Callable[[str], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Measured:
    """The share of questions with a right passage among the first five, by kind of passage."""

    leg: str
    questions: int
    essay: float | None
    handbook: float | None


def train(
    bank: Sequence[BankQuestion], passages: Sequence[Passage], families: Sequence[Sequence[str]] = ()
) -> SentenceEmbedding:
    """Train a model on pairs of question and passage, of two questions, and of two words that mean nearly the same.

    The same input gives the same model.
    """
    random.seed(SEED)
    torch.manual_seed(SEED)
    texts = [embedded_text(passage) for passage in passages]
    worded = [wording for passage in passages for wording in passage.wordings]
    known = [word for family in families for word in family] * _OFTEN
    tokenizer = _tokenizer([question.text for question in bank] + worded + known + texts)
    static = StaticEmbedding(tokenizer, embedding_dim=DIMENSIONS)
    torch.nn.init.normal_(static.embedding.weight, std=0.1)
    model = SentenceTransformer(modules=[static], device="cpu")
    pairs = [*_pairs(bank, passages, texts), *_related(families)]
    dataset = Dataset.from_dict({"anchor": [one for one, _ in pairs], "positive": [other for _, other in pairs]})
    with TemporaryDirectory() as folder:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=folder,
            num_train_epochs=EPOCHS,
            per_device_train_batch_size=BATCH,
            learning_rate=RATE,
            warmup_steps=0.1,
            lr_scheduler_type="cosine",
            seed=SEED,
            use_cpu=True,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=False,
        )
        trainer = SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=dataset, loss=MultipleNegativesRankingLoss(model, scale=20.0)
        )
        trainer.train()
    return SentenceEmbedding(model, "opgavewijzer-nl")


def save(embedding: SentenceEmbedding, folder: Path, card: str) -> None:
    """Write the model as an ordinary sentence-transformers folder with a model card, replacing what was there."""
    with TemporaryDirectory(dir=folder.parent) as draft:
        embedding.model.save_pretrained(draft, create_model_card=False)
        (Path(draft) / "README.md").write_text(card, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(draft, folder)


def hold_back(bank: Sequence[BankQuestion]) -> tuple[list[BankQuestion], list[BankQuestion]]:
    """Split a bank in questions to train on and questions to measure with: of each place one in ten, by seed."""
    chance = random.Random(SEED)
    asked: dict[Anchor, list[BankQuestion]] = defaultdict(list)
    for question in bank:
        asked[question.anchor].append(question)
    kept: list[BankQuestion] = []
    held: list[BankQuestion] = []
    for questions in asked.values():
        out = set(chance.sample(range(len(questions)), len(questions) // HELD_BACK))
        for at, question in enumerate(questions):
            (held if at in out else kept).append(question)
    return kept, held


def measure(leg: str, rank: Ranker, questions: Sequence[BankQuestion], passages: Sequence[Passage]) -> Measured:
    """hit@5 of one ranker: `rank` gives a score for each passage."""
    belongs = assign([question.anchor for question in questions], passages)
    kinds = {kind: np.array([passage.kind is kind for passage in passages]) for kind in (Kind.ESSAY, Kind.HANDBOOK)}
    hits: dict[Kind, list[bool]] = {kind: [] for kind in kinds}
    for question, right in zip(questions, belongs, strict=True):
        scores = rank(question.text)
        for kind, of_kind in kinds.items():
            wanted = {at for at in right if of_kind[at]}
            if wanted:
                first = np.argsort(-np.where(of_kind, scores, -np.inf), kind="stable")[:5]
                hits[kind].append(any(at in wanted and scores[at] > 0 for at in first.tolist()))
    share = {kind: float(np.mean(found)) if found else None for kind, found in hits.items()}
    return Measured(leg, len(questions), share[Kind.ESSAY], share[Kind.HANDBOOK])


def _tokenizer(texts: Sequence[str]) -> Tokenizer:
    """A WordPiece vocabulary of the texts.

    The trainer orders letters by chance, and what it merges after them; with the letters given in order as special
    tokens the same texts give the same vocabulary, which is then put into a tokenizer that treats none as special.
    """
    learning = _empty(models.WordPiece(unk_token=_UNKNOWN))
    letters = sorted(set().union(*(learning.normalizer.normalize_str(text) for text in texts)) - {" "})
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY,
        min_frequency=2,
        special_tokens=[_UNKNOWN, *letters, *(f"##{letter}" for letter in letters)],
        show_progress=False,
    )
    learning.train_from_iterator(texts, trainer)
    return _empty(models.WordPiece(vocab=learning.get_vocab(), unk_token=_UNKNOWN))


def _empty(model: models.WordPiece) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def _pairs(bank: Sequence[BankQuestion], passages: Sequence[Passage], texts: Sequence[str]) -> Iterator[Pair]:
    asked: dict[Anchor, list[str]] = defaultdict(list)
    for each in bank:
        asked[each.anchor].append(each.text)
    anchors = list(asked)
    for anchor, positions in zip(anchors, assign(anchors, passages), strict=True):
        questions = asked[anchor]
        for question in questions:
            for position in positions:
                yield question, texts[position]
            others = [other for other in questions if other != question]
            for other in random.sample(others, min(2, len(others))):
                yield question, other
    for passage, text in zip(passages, texts, strict=True):
        if passage.origins:
            yield passage.heading, text
        for wording in passage.wordings:
            yield wording, text
            others = [other for other in passage.questions if other != wording]
            for other in random.sample(others, min(2, len(others))):
                yield wording, other


def _related(families: Sequence[Sequence[str]]) -> Iterator[Pair]:
    for family in families:
        for word in family:
            others = [other for other in family if other != word]
            for other in random.sample(others, min(_RELATED, len(others))):
                yield word, other
