"""What a site holds and under which terms: verify, licences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import FolderArg, JsonOpt, app, day_of, err, is_site, out, print_json, scenes_app
from yardwatch.errors import InputError
from yardwatch.report.forms import FILES


@app.command()
def verify(
    what: Annotated[str, typer.Argument(help="Site folder, or an evidence bundle (.zip) of `report --form bundle`.")],
    as_json: JsonOpt = False,
) -> None:
    """Check a site (originals, derived files, catalogue, custody log), or an evidence bundle on any machine.

    Example: yardwatch verify my-yard
    """
    if Path(what).suffix.lower().removeprefix(".") in FILES and Path(what).is_file():
        raise InputError(
            f"{what} is one form of a report and holds no evidence to check it by; verify the evidence bundle: "
            "`yardwatch report SITE --as-of DAY --form bundle` writes it"
        )
    if not (bundled := what.endswith(".zip") or Path(what).is_file()):
        is_site(what)
    from yardwatch import pipeline, tables_bundle, tables_custody
    from yardwatch.progress import bars

    if bundled:
        bundle = pipeline.verify_bundle(Path(what))
        ok, said, shown = bundle.ok, bundle.as_json(), tables_bundle.verified(bundle)
    else:
        with bars(err) as report:
            found = pipeline.verify(what, report)
        ok, said, shown = found.ok, found.as_json(), tables_custody.verified(found)
    if as_json:
        print_json(said)
    else:
        out.print(shown, markup=False)
    if not ok:
        raise typer.Exit(1)


@scenes_app.command("licence")
def scenes_licence(
    folder: FolderArg,
    scene: Annotated[str, typer.Argument(help="Id of the scene, as `scenes list` prints it.")],
    licence: Annotated[str, typer.Option(help="Its licence; `scenes licences` lists those that are known.")],
    attribution: Annotated[str | None, typer.Option(help="Text that must stand beside the pixels.")] = None,
    expires: Annotated[str | None, typer.Option(help="Last day it holds: 2026-12-31.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Say under which licence a scene stands; the change is written into the custody log.

    Example: yardwatch scenes licence my-yard 2023-10-05-1a2b3c4d --licence cc-by-4.0 --attribution "© Somebody"
    """
    from yardwatch import pipeline

    last = day_of(expires, "--expires") if expires else None
    changed = pipeline.relicense(folder, scene, licence, attribution, last)
    if as_json:
        print_json(changed.as_json())
        return
    from yardwatch import tables_custody

    out.print(tables_custody.relicensed(changed), markup=False)


@scenes_app.command("pgstac")
def scenes_pgstac(
    folder: FolderArg,
    to: Annotated[str, typer.Option(help="Database with pgstac: postgresql://user@host/database.")],
    as_json: JsonOpt = False,
) -> None:
    """Copy a site's catalogue into pgstac, where stac-fastapi serves it; pixels stay where they are.

    Example: yardwatch scenes pgstac my-yard --to postgresql://stac@db.example/stac
    """
    from yardwatch import pipeline

    served = pipeline.to_pgstac(folder, to)
    if as_json:
        print_json(served.as_json())
        return
    out.print(f"collection {served.collection}: {served.items} scenes, {served.gone} taken out", markup=False)


@scenes_app.command("licences")
def scenes_licences(as_json: JsonOpt = False) -> None:
    """List the licences that are known and what they allow.

    Example: yardwatch scenes licences
    """
    from yardwatch import pipeline

    rows = pipeline.licences()
    if as_json:
        print_json({"licences": rows})
        return
    from yardwatch import tables_custody

    out.print(tables_custody.licences(rows))
