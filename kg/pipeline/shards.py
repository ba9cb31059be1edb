"""Store shards of N-Quads: one compressed file per processed page, named by its key, so that no page is processed twice.

A folder of shards is a local path or, for workers on other machines, any URL supported by fsspec (``s3://…``, extra ``cluster``).
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

GZIP_LEVEL = 1


class ShardFolder:
    """Reads and writes shards under ``root``. Two workers may write the same shard, since its bytes are the same."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")
        self.remote = "://" in root
        self.damaged: list[str] = []
        """Keys of damaged shards, whose pages are to be processed again."""

    def path(self, key: str, suffix: str = ".nq.gz") -> str:
        """Return the path of a key's shard."""
        return f"{self.root}/{key[:2]}/{key}{suffix}"

    def write(self, key: str, lines: Iterable[bytes], about: dict[str, Any]) -> None:
        """Write a page's N-Quads and its entry in the report; a shard appears complete or not at all."""
        data = gzip.compress(b"".join(lines), GZIP_LEVEL, mtime=0)
        self._put(self.path(key, ".json"), json.dumps({**about, "digest": _digest(data)}, sort_keys=True).encode())
        self._put(self.path(key), data)

    def about(self, key: str) -> dict[str, Any] | None:
        """Return the report's entry of a page; None if its shard is missing or damaged."""
        try:
            with self._open(self.path(key), "rb") as file, self._open(self.path(key, ".json"), "rb") as beside:
                about: dict[str, Any] = json.loads(beside.read())
                whole = _digest(file.read()) == about.pop("digest", None)
        except FileNotFoundError:
            return None
        except ValueError:
            whole = False
        if not whole:
            self.damaged.append(key)
            return None
        return about

    def fetch(self, key: str, folder: ShardFolder) -> None:
        """Copy a shard into a local folder."""
        for suffix in (".json", ".nq.gz"):
            with self._open(self.path(key, suffix), "rb") as file:
                folder._put(folder.path(key, suffix), file.read())

    def remove_others(self) -> None:
        """Remove the sibling folders: shards of other versions of the code or the model."""
        for folder in Path(self.root).parent.iterdir():
            if folder.is_dir() and folder != Path(self.root):
                shutil.rmtree(folder, ignore_errors=True)

    def _open(self, path: str, mode: str) -> Any:
        if not self.remote:
            return Path(path).open(mode)
        import fsspec

        return fsspec.open(path, mode)

    def _put(self, path: str, data: bytes) -> None:
        if self.remote:
            with self._open(path, "wb") as file:
                file.write(data)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            beside.write_bytes(data)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove temporary files of processes that were killed. Only while no other process writes here."""
        for left_over in Path(self.root).glob("*/.*"):
            left_over.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
