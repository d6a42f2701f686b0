"""Runs cases in separate processes and writes the page of results."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from importlib import import_module

from benchmarks.comparison import Case, Comparison, Row, Settings, SkippedError
from benchmarks.surroundings import surroundings
from benchmarks.table import from_json, line, markdown, to_json
from nntrain.compute.threads import count_cores
from nntrain.training.product_choice import choose_engine

__all__ = ["answer", "run_all"]


def comparison_of(name: str) -> Comparison:
    """Import the comparison of a module."""
    found: Comparison = import_module(f"benchmarks.{name}").COMPARISON
    return found


def answer(name: str, case: str, settings: Settings) -> int:
    """Measure one case and print its row as JSON in the last line."""
    choose_engine()
    try:
        row = comparison_of(name).measure(Case(**json.loads(case)), settings)
    except SkippedError as why:
        print(json.dumps({"skipped": str(why)}))
        return 0
    print(json.dumps(to_json(row)))
    return 0


def run_all(names: Iterable[str], only: str, settings: Settings) -> int:
    """Run comparisons one by one, and write the page after each, so that no result is lost."""
    choose_engine()
    where = surroundings()
    environment = "; ".join(f"{name} {value}" for name, value in where.items())
    print(environment, flush=True)
    pages, results, failed = [environment], {}, 0
    settings.out.mkdir(parents=True, exist_ok=True)
    for name in names:
        comparison = comparison_of(name)
        print(f"\n{comparison.title}", flush=True)
        rows, remarks = [], []
        for case in comparison.cases(settings):
            if only not in case.name:
                continue
            row = measured(name, case, settings)
            if isinstance(row, Row):
                rows.append(row)
                print(line(comparison, row), flush=True)
            else:
                remarks.append(f"{case.name}: {row}")
                failed += row.startswith("failed")
                print(remarks[-1], flush=True)
        if comparison.after is not None and rows:
            remarks += comparison.after(rows, settings)
        pages.append(page(comparison, rows, remarks))
        results[name] = {"rows": [to_json(row) for row in rows], "remarks": remarks}
        write(settings, pages, {"surroundings": where, "quick": settings.quick, "comparisons": results})
    print(f"\n{settings.out / 'results.md'}")
    return int(failed > 0)


def measured(name: str, case: Case, settings: Settings) -> Row | str:
    """Return the row of a case, or the reason why there is none."""
    if case.threads is not None and case.threads > count_cores():
        return f"skipped: there are {count_cores()} cores for {case.threads} threads"
    command = [sys.executable, "-m", "benchmarks", name, "--case", json.dumps(asdict(case))]
    command += ["--data", str(settings.data), "--out", str(settings.out), *["--quick"] * settings.quick]
    process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode:
        last = process.stderr.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
        return f"failed: {last[0]}"
    result = json.loads(process.stdout.splitlines()[-1])
    return f"skipped: {result['skipped']}" if "skipped" in result else from_json(result)


def page(comparison: Comparison, rows: list[Row], remarks: list[str]) -> str:
    """Format the section of a comparison."""
    return "\n\n".join([f"## {comparison.title}", comparison.about, markdown(comparison, rows), *remarks])


def write(settings: Settings, pages: list[str], results: object) -> None:
    """Write results.md and results.json."""
    quick = "**Made with `--quick`: these are no figures to quote.**\n\n" if settings.quick else ""
    (settings.out / "results.md").write_text(quick + "\n\n".join(pages) + "\n", encoding="utf-8")
    (settings.out / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
