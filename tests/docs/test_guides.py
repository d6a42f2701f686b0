"""Every command of every page that is written by hand runs as printed, in the order of the page."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.docs.guide import DOCS, ROOT, blocks, pages
from tests.plugins.environment import Environment

# Commands that are not run here, and why.
NOT_RUN = {
    r".*\.venv/bin": ".ci/run installs nntrain into a fresh environment and runs the tests",
    r"(pip|pipx|uv|uvx) .*\bnntrain\b(?!-)": "needs a package index; .ci/run installs the sdist",
    r"(python3 -m venv|\. \.venv)": "the same, for those who work on nntrain",
    r"pip install (-e '\.|tensorboard)": "needs a package index",
    r"nntrain watch ": "serves until it is stopped; tests/cli/commands/test_watch.py",
    r"tensorboard ": "another program, which serves until it is stopped",
    r"(docker|systemd-run) ": "another program, which a test machine may lack",
    r"python -m (tests|benchmarks)": "takes minutes; tests of its own run it with small numbers",
}

# What a page expects to be there, as commands.
BEFORE = {
    "metrics.md": ["nntrain fit iris.csv --target species --set train.epochs=1"],
    "onnx.md": ["nntrain fit iris.csv --target species --set train.epochs=1"],
    "torch7.md": [
        "nntrain fit iris.csv --target species --set train.epochs=1 --set 'model.hidden=[8]' --out runs/digits",
        "nntrain convert runs/digits old.t7",
        "nntrain convert numbers.csv rows.h5",
    ],
    "untrusted-files.md": [
        "nntrain fit rows.csv --target y --set train.epochs=1 --set 'model.hidden=[8]' --out runs/rows",
        "cp runs/rows/best.h5 model.h5",
        "nntrain convert model.h5 model.t7",
    ],
}

# Pages whose commands run in tests of their own: tests/tensorboard/test_page.py, tests/plugins/test_page.py.
ELSEWHERE = {"tensorboard.md", "plugins.md"}

# Pages that train the same table in several ways, so that each run replaces the one before.
ALTERNATIVES = {"README.md", "data.md"}


@pytest.fixture
def shell(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Environment:
    """A folder with the data that the pages name."""
    shutil.copy(ROOT / "datasets" / "iris.csv", tmp_path)
    random = np.random.default_rng(1)
    age, plan = random.integers(18, 90, 300), random.integers(0, 2, 300)
    churned = np.where(age * random.uniform(0.5, 1.5, 300) > 50, "yes", "no")
    customers = [f"c{n:04},{age[n]},{('basic', 'plus')[plan[n]]}" for n in range(300)]
    labelled = "".join(f"{row},{word}\n" for row, word in zip(customers, churned, strict=True))
    films = "".join(f"{90 + n % 50},{('drama', 'horror|drama', 'horror')[n % 3]}\n" for n in range(60))
    payments = "".join(f"{n * 7 % 31},{('fraud', 'good')[n % 3 > 0]}\n" for n in range(90))
    write = {
        "customers.csv": "customer_id,age,plan,churned\n" + labelled,
        "labeled.csv": "customer_id,age,plan,churned\n" + labelled[:800].rpartition("\n")[0] + "\n",
        "new.csv": "customer_id,age,plan\n" + "\n".join(customers[:20]) + "\n",
        "films.csv": "length,genres\n" + films,
        "payments.csv": "amount,status\n" + payments,
        "rows.csv": "x,y\n" + "".join(f"{n * 7 % 31},{n * 3 % 11}.5\n" for n in range(90)),
        "numbers.csv": "a,b,c,d\n" + "".join(f"{n},{n % 7},{n % 5},0.5\n" for n in range(9)),
    }
    for name, text in write.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = Environment(tmp_path_factory.mktemp("environment"), tmp_path)
    environment.import_at_start(ROOT, "tests.docs.quick_networks")
    return environment


def reason(command: str) -> str:
    """Why a command is not run; empty if it is."""
    return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, command)), "")


WITH_COMMANDS = [
    page
    for page in pages()
    if page.name not in ELSEWHERE and any(block.kind == "command" and not reason(block.text) for block in blocks(page))
]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_in_their_order(page: Path, shell: Environment) -> None:
    for command in BEFORE.get(page.name, []):
        shell.run(f"bash -c {shlex.quote(command)}")
    guide = page.parent.name == "guides" or page.name == "README.md"
    for block in blocks(page):
        if block.kind == "command" and not reason(block.text):
            again = block.text.replace("nntrain fit ", "nntrain fit --force ")
            command = again if page.name in ALTERNATIVES else block.text
            shell.run(f"bash -c {shlex.quote(command)}")
        elif guide and block.kind == "file":
            (shell.at / block.text.split()[1]).write_text(block.text, encoding="utf-8")
        elif guide and block.kind == "python":
            (shell.at / "block.py").write_text(block.text, encoding="utf-8")
            shell.run(f"{shell.bin / 'python'} block.py")


def test_every_reason_is_needed() -> None:
    found = [block.text for page in pages() for block in blocks(page) if block.kind == "command"]
    assert [pattern for pattern in NOT_RUN if not any(re.match(pattern, command) for command in found)] == []


def test_every_guide_is_found() -> None:
    assert {DOCS / "guides" / name for name in ("your-table.md", "resume.md")} <= set(WITH_COMMANDS)
