"""``entente builds``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from kg.cli import DATA

if TYPE_CHECKING:
    from kg.store.builds import Build


@click.group("builds", invoke_without_command=True)
@DATA
@click.pass_context
def command(context: click.Context, data: Path) -> None:
    """List the builds with time, number of articles and content, the current one marked; or go back to one.

    A new build deletes the previous ones unless 'entente build --keep NUMBER' keeps some.
    """
    from kg.store.builds import all_builds, current_build

    context.obj = data
    if context.invoked_subcommand:
        return
    current = current_build(data).id
    for build in all_builds(data):
        mark = "*" if build.id == current else " "
        click.echo(f"{mark} {build.id}  {build.made:%Y-%m-%d %H:%M}  {_content(build)}")


def _content(build: Build) -> str:
    """Describe what a build was made of and has, as the graph holds it after corrections."""
    from kg.store.index.lists import Lists
    from kg.store.index.search import SearchIndex

    index = Lists(SearchIndex(build.folder / "search.sqlite"))
    numbers = (
        (build.report["articles"], "article"),
        (index.count_facts("Event"), "event"),
        (index.count_facts("Agreement"), "agreement"),
        (build.manifest["quads"], "quad"),
    )
    counted = ", ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in numbers)
    return f"{counted}; inputs {build.manifest['inputs'][:12]}"


@command.command("use")
@click.argument("build_id", metavar="ID")
@DATA
@click.pass_context
def use(context: click.Context, data: Path, build_id: str) -> None:
    """Switch to the build with this ID, or a prefix of it. A running server follows."""
    from kg.store.builds import use_build
    from kg.store.lock import only_one

    if context.get_parameter_source("data") is not ParameterSource.COMMANDLINE:
        data = context.obj  # 'entente builds --data FOLDER use ID'
    with only_one(data):
        click.echo(f"{data} now has the build {use_build(data, build_id).id}.")
