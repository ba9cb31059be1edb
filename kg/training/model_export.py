"""Export a trained network to the folder that the language stage loads."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np

from kg.language.encoder.folder import LABELS, NETWORK, SENSES
from kg.language.encoder.word_pieces import PIECES_FILE
from kg.training.label_inventory import LabelInventory
from kg.training.network import MultiTaskNetwork
from kg.training.onnx_graph import rounded, to_onnx


def export(reader: MultiTaskNetwork, inventory: LabelInventory, tokenizer: Path, folder: Path, *, eight_bits: bool = True) -> None:
    """Write network, labels, senses and word pieces; ``tokenizer`` is the pretrained encoder's ``tokenizer.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    to_onnx(reader, inventory.relations.index("root"), folder / NETWORK, eight_bits=eight_bits)
    (folder / LABELS).write_text(json.dumps(asdict(inventory), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    vectors, biases = reader.roleset_table()
    whole, scales = rounded(vectors.detach().float().numpy())
    with (folder / SENSES).open("wb") as file:
        np.savez_compressed(file, vectors=whole, scales=scales, biases=biases.detach().float().numpy())
    shutil.copyfile(tokenizer, folder / PIECES_FILE)
