"""``entente builds``"""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from kg.cli import DATA


@click.group("builds", invoke_without_command=True)
@DATA
@click.pass_context
def command(context: click.Context, data: Path) -> None:
    """List the builds with time and content, the current one marked; or go back to one.

    A new build deletes the previous ones unless 'entente build --keep NUMBER' keeps some.
    """
    from kg.store.builds import all_builds, current_build

    context.obj = data
    if context.invoked_subcommand:
        return
    current = current_build(data).id
    for build in all_builds(data):
        mark = "*" if build.id == current else " "
        click.echo(
            f"{mark} {build.id}  {build.made:%Y-%m-%d %H:%M}  {build.manifest['quads']:,} quads  inputs {build.manifest['inputs'][:12]}"
        )


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
