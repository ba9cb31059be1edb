"""Orchestrate a build: read the sources, make their graph, switch to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.corrections import CorrectionError, read_corrections
from kg.corrections.applying import Corrector
from kg.errors import EntenteError
from kg.pipeline.ledger import Ledger
from kg.pipeline.options import FEW, BuildOptions, Progress, Silence, Summary
from kg.pipeline.page import Failure, PageResult, PageTask, Stopwatch
from kg.pipeline.questions import default_questions
from kg.pipeline.shards import ShardFolder
from kg.pipeline.versions import builder_version, extractor_version, model_version, software_version
from kg.pipeline.workers import LocalWorkers, Workers, helpers, outcomes
from kg.store import NoBuildError, current_build, only_one
from kg.store.seals import damaged

if TYPE_CHECKING:
    from kg.store import BuildRun as StoredBuild
    from kg.wikidata import ItemRegister
    from kg.wikitext.sources import Source, SourceError


def build(sources: Sequence[Path], data: Path, options: BuildOptions | None = None, progress: Progress | None = None) -> Summary:
    """Read the sources, make their graph, and switch the data folder to it.

    Pages that fail are listed in the build's report. Raises EntenteError if there is nothing to read, if the data folder cannot be
    written, or, with ``strict``, at the first page that fails; the existing graph is then left as it was.
    """
    return BuildRun(data, options or BuildOptions(), progress or Silence()).run(sources)


class BuildRun:
    """One run of a build."""

    def __init__(self, data: Path, options: BuildOptions, progress: Progress) -> None:
        self.data = data
        self.options = options
        self.progress = progress
        self.version = f"{extractor_version()}-{model_version(options.model)}"
        self.local = ShardFolder(str(data.resolve() / "cache" / self.version))
        self.shards = ShardFolder(f"{options.shards.rstrip('/')}/{self.version}") if options.shards else self.local
        self.ledger = Ledger()
        self.corrections = read_corrections(options.corrections)
        self.clock = Stopwatch()
        self.jobs = options.jobs or len(os.sched_getaffinity(0))
        self.peak_bytes = 0
        self.read = 0
        self.items: ItemRegister | None = None

    def run(self, sources: Sequence[Path]) -> Summary:
        """Read, load, switch."""
        from kg.wikidata import item_register

        with only_one(self.data / "cache"):
            Path(self.local.root).mkdir(exist_ok=True)
            self.local.sweep()
            if self.options.wikidata:
                self.progress.step("Reading Wikidata's items")
            with item_register(self.options.wikidata, self.data / "cache") as self.items:
                return self._run(sources)

    def _run(self, sources: Sequence[Path]) -> Summary:
        self._read_pages(sources)
        if not self.ledger.articles:
            raise EntenteError(_nothing_read(sources, self.ledger))
        self._check_failures()
        if self.items:
            self.items.settle()
        return self._unchanged() or self._load()

    def _read_pages(self, sources: Sequence[Path]) -> None:
        tasks = self._unread(self._tasks(sources))
        first = list(islice(tasks, self.jobs))
        if not first:
            return
        self.progress.step("Reading")
        with self._workers(len(first)) as workers:
            for task, outcome in outcomes(chain(first, tasks), workers):
                self._note(task, outcome)

    def _workers(self, count: int) -> Workers:
        if not self.options.scheduler:
            return LocalWorkers(count, self.options.timeout)
        from kg.pipeline.cluster import ClusterWorkers

        return ClusterWorkers(self.options.scheduler, self.options.timeout, self.options.model)

    def _tasks(self, sources: Sequence[Path]) -> Iterator[PageTask]:
        from kg.wikitext.sources import read_sources

        numbered = self.items.add_page if self.items else None
        for source in read_sources(sources, self.options.selection, self._unreadable, self.options.any_language, numbered):
            yield _task(source, self.shards.root, self.options.model)

    def _unread(self, tasks: Iterable[PageTask]) -> Iterator[PageTask]:
        """Yield the tasks that no earlier build has done; record the others."""
        for task in tasks:
            about = None if self.options.fresh else self.shards.about(task.key)
            if about is None:
                yield task
            else:
                self.ledger.add(task, about)
                self.progress.page(task.title, None)

    def _note(self, task: PageTask, outcome: PageResult | Failure) -> None:
        self.progress.page(task.title, outcome)
        if isinstance(outcome, Failure):
            if self.options.strict:
                raise EntenteError(f"{task.path}: {task.title}: {outcome.reason}. Without --strict the build continues and reports it.")
            self.ledger.fail(task, outcome.reason)
            return
        self.read += 1
        self.ledger.add(task, {"counts": outcome.counts, "notes": outcome.notes})
        self.peak_bytes = max(self.peak_bytes, outcome.peak_bytes)
        self.clock.add(outcome.seconds)

    def _unreadable(self, path: Path, error: SourceError) -> None:
        """Count an unreadable source as a page that failed."""
        task = PageTask("", error.title or path.stem, "", str(path), self.shards.root, self.options.model)
        self._note(task, Failure(str(error).removeprefix(f"{path}: ").removeprefix(f"{error.title}: ").rstrip(".")))

    def _check_failures(self) -> None:
        """Refuse to replace a graph by a part of it."""
        failed, total = len(self.ledger.failures), len(self.ledger.failures) + len(self.ledger.articles)
        if failed <= FEW or failed <= total * self.options.max_failed or not (self.data / "current").exists():
            return
        title, _, reason = min(self.ledger.failures)
        share = f"{self.options.max_failed:.0%}"
        raise EntenteError(
            f"{failed:,} of {total:,} articles failed, more than {share}: the graph in {self.data} stays as it is. "
            f"The first: {title}: {reason}. --max-failed raises the share."
        )

    def _unchanged(self) -> Summary | None:
        """Return the current build if it was made from exactly the same pages."""
        try:
            current = current_build(self.data)
        except NoBuildError:
            return None
        if self.options.fresh or not self._built.is_file() or self._built.read_text() != self._receipt(current):
            return None
        if not current.intact or damaged(current.folder):
            return None
        summary = self._summary(current, unchanged=True)
        self._check_fit(summary.unfit)
        return summary

    @property
    def _built(self) -> Path:
        return Path(self.local.root) / ".built"

    def _receipt(self, build: StoredBuild) -> str:
        """Return the build, with a digest of all that it depends on: pages, corrections, code, libraries and model."""
        return f"{build.id} {self.ledger.inputs(f'{self.version} {builder_version()} {self._besides()}')}\n"

    def _besides(self) -> str:
        """Return the digests of the input besides pages: corrections, and Wikidata's items."""
        digests = [correction.digest for correction in self.corrections]
        return " ".join([*digests, self.items.digest] if self.items else digests)

    def _load(self) -> Summary:
        """Make a new build from the shards and switch to it."""
        from kg.store import Provenance, new_build

        origin = Provenance(software=software_version(), model=model_version(self.options.model), inputs=self._inputs())
        corrector = Corrector(self.corrections)
        with new_build(self.data) as draft:
            self.progress.step("Loading")
            with helpers(self.jobs - 1) as beside:
                linked = self.items.linked if self.items else None
                draft.assemble(self._shard_paths(), origin, beside, corrector, default_questions, linked)
            self.clock.add(draft.seconds)
            draft.report.update(self.ledger.report())
            if damaged := len(self.shards.damaged):
                draft.report["healed"] = [*draft.report.get("healed", ()), f"{damaged:,} damaged files of the cache were read again"]
            draft.report["corrections"] = self._outcomes(corrector)
            if self.items:
                draft.report["wikidata"] = {"items": self.items.count}
        self.local.remove_others()
        made = current_build(self.data)
        self._built.write_text(self._receipt(made))
        return self._summary(made, unchanged=False)

    def _inputs(self) -> str:
        """Return a digest of the graph's input."""
        return self.ledger.inputs(self._besides())

    def _outcomes(self, corrector: Corrector) -> dict[str, Any]:
        """Return what the report says of corrections; with ``strict``, CorrectionError if one does not fit its article."""
        wrong = [outcome for outcome in corrector.outcomes if outcome.problem and not outcome.absent]
        unfit = sorted(f"{outcome.correction.place}: {outcome.correction.article}: {outcome.problem}" for outcome in wrong)
        self._check_fit(unfit)
        absent = sorted(o.correction.place for o in corrector.outcomes if o.absent)
        return {"applied": sum(not o.problem for o in corrector.outcomes), "unfit": unfit, "absent": absent}

    def _check_fit(self, unfit: Sequence[str]) -> None:
        if unfit and self.options.strict:
            raise CorrectionError(f"{unfit[0]}. Fix or remove the correction; without --strict the build continues and reports it.")

    def _shard_paths(self) -> list[Path]:
        """Return the shards of the graph, sorted by key; remote ones are copied into the data folder first."""
        keys = self.ledger.shard_keys()
        for key in keys if self.shards is not self.local else ():
            if self.local.about(key) is None:
                self.shards.fetch(key, self.local)
        return [Path(self.local.path(key)) for key in keys]

    def _summary(self, build: StoredBuild, *, unchanged: bool) -> Summary:
        return Summary(
            build=build.id,
            folder=build.folder,
            quads=build.manifest["quads"],
            articles=len(self.ledger.articles),
            read=self.read,
            failures=tuple(sorted(self.ledger.failures)),
            totals=self.ledger.totals(),
            seconds=self.clock.seconds,
            peak_bytes=self.peak_bytes,
            unchanged=unchanged,
            corrected=build.report.get("corrections", {}).get("applied", 0),
            unfit=tuple(build.report.get("corrections", {}).get("unfit", ())),
            items=build.report.get("wikidata", {}).get("items"),
        )


def _task(source: Source, shards: str, model: str | None) -> PageTask:
    """Return a page's task; its key identifies everything in the source that its facts depend on."""
    identity: list[object] = [source.title, source.wikitext, source.page_id, source.revision, source.timestamp, source.redirects]
    identity += [source.site] if source.site else []
    key = sha256(json.dumps(identity, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
    return PageTask(
        key=key,
        title=source.title,
        wikitext=source.wikitext,
        path=str(source.path),
        shards=shards,
        model=model,
        page_id=source.page_id,
        revision=source.revision,
        timestamp=source.timestamp,
        redirects=source.redirects,
        site=source.site,
    )


def _nothing_read(sources: Sequence[Path], ledger: Ledger) -> str:
    named = ", ".join(map(str, sources))
    if not ledger.failures:
        return f"{named}: no article found. Give .wiki or .txt files, folders of them, or MediaWiki XML dumps."
    title, _, reason = min(ledger.failures)
    return f"{named}: none of the {len(ledger.failures)} articles could be read; {title}: {reason}."
