"""The command line: one function a command, each a thin way in to what does the work."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from avowal.inference.engine import Engine

app = typer.Typer(
    help="Who said what in the news, and did they threaten or sanction anyone?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FORMAT_NAMES = "jsonl, brat, labelstudio, doccano, prodigy or conll."

Paths = Annotated[
    list[str],
    typer.Argument(
        help="Folders, patterns or files: .txt, .md, .html, .jsonl (.gz, .zst), .csv, .parquet; "
        "- for JSONL from standard input."
    ),
]
Model = Annotated[str, typer.Option(help="A model's name, or a folder with models.")]
Threads = Annotated[int | None, typer.Option(help="Processor threads of each model.")]
TextColumn = Annotated[str, typer.Option(help="Column of the text in rows.")]
IdColumn = Annotated[str, typer.Option(help="Column of the id in rows.")]
Device = Annotated[str, typer.Option(help="auto, cpu (ONNX Runtime, int8) or cuda (torch, bf16).")]
OverwriteFile = Annotated[
    bool, typer.Option("--overwrite", help="Write over OUT where it is a file.")
]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the corpora; else the variable AVOWAL_DATA.")
]


@app.command()
def score(
    paths: Paths,
    out: Annotated[
        Path | None,
        typer.Option(help="JSONL or .parquet to write, an article a line; - for standard output."),
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="Also write a row a statement: .csv or .parquet.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(help="JSONL of what was not scored; else OUT with .errors.jsonl."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Begin anew and write over what is there.")
    ] = False,
    model: Model = "mini",
    device: Device = "auto",
    threads: Threads = None,
    engine: Annotated[
        str, typer.Option(help="local, or ray for processes on this machine or a cluster.")
    ] = "local",
    workers: Annotated[int | None, typer.Option(help="Processes of --engine ray.")] = None,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
) -> None:
    """Score articles; without --out or --table, show the statements.

    A run that was stopped, however it was, goes on with the same command. The exit code is 0 where
    every article was scored, 1 where some were not, 2 where the run could not begin or go on, 130
    where it was interrupted.
    """
    from avowal.inference.batch import score_paths
    from avowal.inference.identity import identity
    from avowal.inference.loading import load

    if engine not in ("local", "ray"):
        raise typer.BadParameter("it is local or ray", param_hint="--engine")

    def ray_engine() -> Engine:
        from avowal.inference.ray import RayEngine

        return RayEngine(
            paths,
            model=model,
            device=device,
            threads=threads,
            workers=workers,
            text_column=text_column,
            id_column=id_column,
        )

    try:
        complete = score_paths(
            paths,
            load_scorer=lambda: load(model, device=device, threads=threads),
            load_engine=ray_engine if engine == "ray" else None,
            settings=lambda: identity(model, device),
            out=out,
            table=table,
            errors=errors,
            overwrite=overwrite,
            text_column=text_column,
            id_column=id_column,
        )
    except KeyboardInterrupt:
        # threads are still scoring what nobody wants any more, and would be waited for
        sys.stderr.flush()
        os._exit(130)
    raise typer.Exit(0 if complete else 1)


@app.command()
def report(
    scores: Annotated[Path, typer.Argument(help="JSONL file that avowal score --out wrote.")],
    articles: Annotated[
        list[str],
        typer.Option(help="What was scored: a folder or file; name several by giving it again."),
    ],
    out: Annotated[Path, typer.Option(help="HTML file to write.")],
    title: Annotated[str | None, typer.Option(help="Else the name of the scores' file.")] = None,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
    date_column: Annotated[str, typer.Option(help="Column of the date in rows.")] = "date",
) -> None:
    """Write a report on scored articles: one HTML file that opens in a browser, offline.

    The exit code is 0 where every article is in it with its text, 1 where some have none, 2 for a
    usage error.
    """
    from avowal.report import write_report

    complete = write_report(
        scores,
        articles,
        out,
        title=title,
        text_column=text_column,
        id_column=id_column,
        date_column=date_column,
    )
    raise typer.Exit(0 if complete else 1)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="File, or folder of brat.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File or new folder to write.")],
    to: Annotated[str, typer.Option(help=FORMAT_NAMES)],
    from_: Annotated[
        str | None, typer.Option("--from", help="The input's format, where its name does not say.")
    ] = None,
    overwrite: OverwriteFile = False,
) -> None:
    """Convert annotations to or from the formats of annotation tools."""
    from avowal.data.formats.conversion import convert as run

    for line in run(source, out, to=to, from_=from_, overwrite=overwrite):
        typer.echo(line, err=True)


@app.command()
def annotate(
    paths: Paths,
    to: Annotated[str, typer.Option(help=FORMAT_NAMES)],
    out: Annotated[Path, typer.Option(help="File or new folder to write.")],
    overwrite: OverwriteFile = False,
    model: Model = "mini",
    device: Device = "auto",
    threads: Threads = None,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
) -> None:
    """Score articles and write annotations for people to correct, in an annotation tool's format.

    The exit code is 0 where every article was scored, 1 where some were not, 2 for a usage error.
    """
    from avowal.inference.annotate import annotate_paths
    from avowal.inference.loading import load

    complete = annotate_paths(
        paths,
        load_scorer=lambda: load(model, device=device, threads=threads),
        out=out,
        to=to,
        model=model,
        overwrite=overwrite,
        text_column=text_column,
        id_column=id_column,
    )
    raise typer.Exit(0 if complete else 1)


@app.command()
def serve(
    model: Model = "mini",
    host: Annotated[
        str, typer.Option(help="Address to listen on; by default this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    device: Device = "auto",
    threads: Threads = None,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest request, in bytes.")] = 1_000_000,
    max_waiting: Annotated[int, typer.Option(min=1, help="Most articles that wait.")] = 256,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that a request may take.")
    ] = 60.0,
) -> None:
    """Serve a page to score articles on, and the same over HTTP: POST /score."""
    try:
        from avowal.serve.app import Limits, run
    except ImportError as error:
        raise RuntimeError(f"serving needs {error.name}: pip install 'avowal[serve]'") from error
    from avowal.inference.loading import load

    run(
        lambda: load(model, device=device, threads=threads),
        model=model,
        host=host,
        port=port,
        limits=Limits(max_bytes=max_bytes, max_waiting=max_waiting, timeout=timeout),
    )


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def train(
    context: typer.Context,
    config: Annotated[Path, typer.Argument(help="YAML file of the run.")],
) -> None:
    """Train a model as a YAML file says; any field is overridden with --field value."""
    _needs_training_extra()
    from avowal.train.run import train as run

    typer.echo(f"model: {run(config, context.args)}")


@app.command()
def evaluate(
    model: Annotated[
        str, typer.Argument(help="A model's name, a model folder, or a folder with models.")
    ],
    data: Annotated[
        str,
        typer.Option(help="brat or GUM folder, JSONL, PLV or label table; below --data-dir too."),
    ],
    split: Annotated[
        str | None, typer.Option(help="Its part: train, dev, test; random or likely.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    gold_cues: Annotated[bool, typer.Option(help="Use annotated cues.")] = False,
    join: Annotated[
        str, typer.Option(help="cue: the pass by cue; nearest: join to the nearest cue.")
    ] = "cue",
    agreement: Annotated[
        bool, typer.Option(help="Figures between annotators in place of a model's.")
    ] = False,
    speakers: Annotated[
        bool, typer.Option(help="Who speaks behind gold sources, by form, beside baselines.")
    ] = False,
    device: Device = "auto",
    runtime: Annotated[
        str, typer.Option(help="onnx, or torch for the safetensors in full precision.")
    ] = "onnx",
    data_dir: DataDir = None,
) -> None:
    """Measure a model or the whole pipeline on annotated data."""
    _needs_training_extra()
    from avowal.train.evaluation import run_evaluation

    run_evaluation(
        model,
        data=data,
        split=split,
        json_path=json,
        gold_cues=gold_cues,
        join=join,
        agreement=agreement,
        device=device,
        runtime=runtime,
        data_dir=data_dir,
        speakers=speakers,
    )


@app.command()
def export(
    model: Annotated[Path, typer.Argument(help="Folder of a trained model.")],
    out: Annotated[Path, typer.Argument(help="Folder to write.")],
) -> None:
    """Export a trained model: int8 ONNX for scoring, fp16 safetensors for other projects."""
    _needs_training_extra()
    from avowal.train.export import export as run

    typer.echo(f"model: {run(model, out)}")


def _needs_training_extra() -> None:
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise RuntimeError(
            f"this command needs {error.name}: pip install 'avowal[train]'"
        ) from error


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; known errors end it with one line and exit code 2."""
    try:
        app(arguments)
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        print(f"avowal: {error}", file=sys.stderr)
        raise SystemExit(2) from error
