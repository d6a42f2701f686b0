"""Commands with hostile names of files, columns, classes and arguments."""

from __future__ import annotations

import json

from tests.cli.on_terminal import HOSTILE

H = HOSTILE

# DuckDB has its own meaning of brackets in the name of a file.
RUN = H.replace("[", "")
TABLE, STORE = f"{RUN}.csv", f"{RUN}.h5"
TARGET = f"{H} target"

QUICK = ("--set", "train.epochs=2", "--set", "model.hidden=[4]")
ROWS = ("rows.csv", "--target", TARGET)

# Of each command: with hostile files, and with hostile arguments.
CASES: dict[str, list[tuple[str, ...]]] = {
    "init": [ROWS, (TABLE, "--target", TARGET), ("rows.csv", "--target", H), ("arrays.h5", "--inputs", H)],
    "check": [
        ROWS,
        (*ROWS, "--json"),
        (TABLE, "--target", TARGET),
        ("config.toml",),
        ("arrays.h5", "--inputs", f"{H} x", "--targets", f"{H} y"),
        ("rows.csv", "--set", f"data.target={H}"),
    ],
    "fit": [
        (*ROWS, *QUICK, "--out", f"{RUN} 2"),
        (*ROWS, *QUICK, "--out", RUN),
        (*ROWS, *QUICK, "--out", f"{RUN} folds", "--folds", "2", "--profile"),
        (*ROWS, "--set", f"name={H}"),
        (*ROWS, "--set", f"{H}={H}"),
        (*ROWS, "--set", f"model.activation={H}"),
        (*ROWS, "--set", f"train.metrics=[{json.dumps(H)}]"),
        (*ROWS, "--positive", H),
        (*ROWS, "--log", H),
        (*ROWS, "--max-time", H),
        ("config.toml",),
    ],
    "resume": [
        (RUN, "--set", "train.epochs=3"),
        (RUN, "--data", H),
        (RUN, "--set", f"x.{H}=1"),
        (RUN, "--allow-change", H),
    ],
    "verify-resume": [(*ROWS, *QUICK, "--steps", "4", "--kills", "1"), (*ROWS, "--steps", H)],
    "evaluate": [(RUN,), (RUN, "rows.csv"), (RUN, TABLE, "--json"), (RUN, "--metric", H), (RUN, "--threshold", H)],
    "predict": [
        (RUN, "rows.csv", "--with", f"{H} kind", "--with", TARGET),
        (RUN, TABLE, "--safe-csv"),
        (RUN, TABLE, "--explain"),
        (RUN, "rows.csv", "--with", H),
        (RUN, "rows.csv", "-o", H),
        (RUN, "rows.csv", "--memory", H),
        ("class.t7", "rows.csv"),
    ],
    "convert": [
        (TABLE, f"{RUN} 2.h5", "--target", TARGET),
        (RUN, f"{RUN}.onnx"),
        (RUN, f"{RUN}.safetensors"),
        (RUN, f"{RUN}.t7"),
        ("class.t7", "class.h5"),
        ("rows.csv", H),
        (TABLE, STORE),
    ],
    "show": [
        (RUN,),
        (RUN, "--json"),
        (f"{RUN}/best.h5",),
        ("unknown.h5",),
        ("class.t7",),
        ("class.t7", "--partial"),
        ("table.t7",),
        ("arrays.safetensors",),
        ("rows.csv",),
    ],
    "diff": [(RUN, f"{RUN} other"), (RUN, f"{RUN} other", "--json"), (RUN, "rows.csv")],
    "watch": [("--help",), (RUN, "--port", H)],
    "report": [(RUN,), (RUN, "--png", f"{RUN} plots"), (H,)],
    "runs": [(".",), (".", "--json"), (".", "--sort", "data"), (H,)],
    "compare": [
        (RUN, f"{RUN} other"),
        (RUN, f"{RUN} other", "--json"),
        (RUN, f"{RUN} other", "-o", f"{RUN} page.html"),
        (RUN, f"{RUN} other", "--data", TABLE),
        (RUN, f"{RUN} other", "--data", H),
        (RUN, "rows.csv"),
    ],
    "explain": [(RUN,), (RUN, "--row", "1"), (RUN, TABLE, "--json"), (RUN, H), (RUN, "--row", H)],
    "schema": [()],
    "layers": [("--markdown", f"{RUN} pages"), (H, "--json")],
    "doctor": [(), ("--json",)],
    "plugins": [(), ("list",), ("new", H), ("check", H), ("list", H)],
    "t7": [("class.t7",), ("table.t7",), ("rows.csv",), ("class.t7", "--depth", H)],
}
