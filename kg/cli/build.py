"""``entente build``"""

from __future__ import annotations

import math
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli import DATA
from kg.cli.corrections import default_corrections
from kg.errors import EntenteError

if TYPE_CHECKING:
    from kg.pipeline import BuildOptions, Summary


@click.command("build")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=click.Path(path_type=Path))
@DATA
@click.option("--jobs", "-j", type=click.IntRange(1), help="Articles processed in parallel.  [default: one for each processor]")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Time limit per article in seconds."
)
@click.option("--strict", is_flag=True, help="Stop at the first article that fails, instead of reporting it and continuing.")
@click.option(
    "--max-failed",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Largest share of articles that may fail; above it the current graph is kept.",
)
@click.option("--fresh", is_flag=True, help="Process every article again, even if unchanged since the last build.")
@click.option("--title", "titles", metavar="PATTERN", multiple=True, help="Dumps: read only titles matching PATTERN ('* relations').")
@click.option("--titles-file", type=click.Path(path_type=Path), help="Dumps: read only the titles listed in this file, one per line.")
@click.option(
    "--category", "categories", metavar="PATTERN", multiple=True, help="Dumps: read only articles in categories matching PATTERN."
)
@click.option(
    "--infobox", "infoboxes", metavar="PATTERN", multiple=True, help="Dumps: read only articles with an infobox matching PATTERN."
)
@click.option("--language-unchecked", "any_language", is_flag=True, help="Also read sources in languages other than English.")
@click.option(
    "--corrections",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A file or folder of corrections; may be repeated.  [default: corrections/ beside the data folder, if it exists]",
)
@click.option(
    "--wikidata",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Wikipedia's page_props table (SQL, also .gz), or another file that maps pages to Wikidata items; may be repeated.",
)
@click.option("--model", metavar="FOLDER", help="Folder of a language model made by `entente train`, instead of the one shipped.")
@click.option("--scheduler", metavar="ADDRESS", help="Process articles on the Dask cluster with this scheduler (tcp://host:8786).")
@click.option("--shards", metavar="URL", help="Folder or URL (s3://…) that all machines of the cluster share, for intermediate results.")
@click.option("--publish", metavar="URL", help="Also publish the graph to the SPARQL store at this address.")
@click.option(
    "--publish-by",
    type=click.Choice(("update", "gsp")),
    default="update",
    show_default=True,
    help="The protocol for publishing.",
)
@click.option("--keep", type=click.IntRange(0), help="Number of previous builds to keep from now on, for 'entente builds use'.")
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
def command(
    sources: tuple[Path, ...], data: Path, publish: str | None, publish_by: str, keep: int | None, quiet: bool, **more: Any
) -> None:
    """Build the graph of the SOURCEs and make it the current one.

    A SOURCE is a .wiki or .txt file of wikitext, a folder of such files, or a MediaWiki XML export or dump (.xml, .xml.bz2,
    .xml.gz). The default is the articles that come with Entente. From a dump, an article is read if it matches any of --title,
    --titles-file, --category and --infobox, or if none of these is given; * and ? in a PATTERN match any text and any character.
    """
    from kg.cli.progress import progress
    from kg.pipeline import build
    from kg.resources import resource_folder
    from kg.store.builds import keep_builds
    from kg.store.output.publish import publish as put_into_store

    options = _options(data, **more)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # even if a shell makes background jobs ignore Ctrl-C
    with progress(quiet) as listener:
        if keep is not None:
            keep_builds(data, keep)
        summary = build(sources or (resource_folder("seeds"),), data, options, listener)
        if publish:
            listener.step("Publishing")
            put_into_store(summary.folder / "dumps" / "entente.nq.gz", publish, publish_by)
    if not quiet:
        _say(summary)


def _options(
    data: Path,
    timeout: float,
    max_failed: float,
    titles: tuple[str, ...],
    titles_file: Path | None,
    categories: tuple[str, ...],
    infoboxes: tuple[str, ...],
    corrections: tuple[Path, ...],
    **more: Any,  # the other fields of BuildOptions, by their own names
) -> BuildOptions:
    """Return the options of the command as those of a build."""
    from kg.pipeline import BuildOptions
    from kg.wikitext.sources import Selection

    if not math.isfinite(timeout) or not math.isfinite(max_failed):
        raise EntenteError("--timeout and --max-failed must be finite numbers.")
    selection = Selection(_listed(titles_file), titles, categories, infoboxes)
    chosen = corrections or default_corrections(data)
    return BuildOptions(timeout=timeout, max_failed=max_failed, selection=selection, corrections=chosen, **more)


def _listed(file: Path | None) -> frozenset[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file else []
    except UnicodeDecodeError as error:
        raise EntenteError(f"{file}: not UTF-8 (byte {error.start}). Save the list as UTF-8 text, one title a line.") from None
    return frozenset(line.strip() for line in lines if line.strip())


def _say(summary: Summary) -> None:
    articles = f"{summary.articles:,} article{'' if summary.articles == 1 else 's'}"
    if summary.unchanged:
        click.echo(f"Nothing has changed: build {summary.build} of {articles} is up to date.")
        for problem in summary.unfit:
            click.echo(f"  {problem}.", err=True)
        return
    facts = ", ".join(f"{summary.totals[name]:,} {name}" for name in ("entities", "events", "agreements", "tenures"))
    before = " before corrections" if summary.corrected else ""
    if summary.corrected or summary.unfit:
        click.echo(f"Corrections: {summary.corrected:,} applied, {len(summary.unfit):,} do not fit.")
    if summary.items is not None:
        click.echo(f"Wikidata: {summary.items:,} items are the same as entities of the graph.")
    for problem in summary.unfit:
        click.echo(f"  {problem}.", err=True)
    click.echo(f"Built {summary.build}: {summary.quads:,} quads of {articles} ({facts}{before}) in {summary.folder}")
    if summary.failures:
        one = len(summary.failures) == 1
        failed = "1 article failed; the reason is" if one else f"{len(summary.failures):,} articles failed; the reasons are"
        click.echo(f"{failed} in {summary.folder / 'report.json'}", err=True)
