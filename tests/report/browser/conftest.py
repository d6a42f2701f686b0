"""A headless browser, if one is installed, and pages of every kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli.main import run_command
from tests.report import runs

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

HOSTILE = "<img src=x onerror=alert(1)> $a_1$ &amp; \"q\" </style><script>document.title='hacked'</script>"


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Chromium that Selenium controls; tests are skipped where none is installed."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("no Chromium with ChromeDriver is installed")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is in the extra test")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chromium = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chromium
    chromium.quit()


def train_hostile(folder: Path) -> Path:
    """A run whose columns, classes and cells are markup."""
    name = HOSTILE.replace('"', '""')
    values = runs.draw_table(7, 200, 1)
    rows = [f'"a {name}","kind {name}","answer {name}"']
    for index, (a,) in enumerate(values):
        kind, answer = f"k{index % 3} {name}", f"{'yes' if a + (index % 5) / 5 > 0.4 else 'no'} {name}"
        rows.append(f'{a:.4f},"{kind}","{answer}"')
    (folder / "hostile.csv").write_text("\n".join(rows))
    keys = ("--set", "train.epochs=3", "--set", "model.hidden=[4]")
    run = folder / "hostile"
    assert run_command(["fit", str(folder / "hostile.csv"), *keys, "--out", str(run)]) == 0
    return run


def train_images(folder: Path) -> Path:
    """A run on images."""
    run, keys = folder / "images", ("--set", "train.epochs=2", "--set", "model.hidden=[16]")
    assert run_command(["fit", "datasets/digits.h5", *keys, "--profile", "--out", str(run)]) == 0
    return run


def train_folds(folder: Path) -> Path:
    """A cross-validation."""
    keys = ("--set", "train.epochs=2", "--set", "model.hidden=[4]", "--folds", "3")
    run = folder / "folds"
    assert run_command(["fit", "datasets/iris.csv", "--target", "species", *keys, "--out", str(run)]) == 0
    return run


def stop_early(folder: Path) -> Path:
    """A run that has not ended."""
    run = train_images(folder).rename(folder / "unfinished")
    (run / "scores.json").unlink()
    return run


KINDS = {
    "two classes": runs.two_classes,
    "three classes": runs.three_classes,
    "numbers": runs.numbers,
    "labels": runs.labels,
    "text": runs.text_and_index,
    "images": train_images,
    "folds": train_folds,
    "unfinished": stop_early,
    "hostile": train_hostile,
}


@pytest.fixture(scope="session", params=list(KINDS))
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Path:
    """The report of a run of each kind."""
    from nntrain.report.run_report import write_report

    return write_report(KINDS[request.param](tmp_path_factory.mktemp("pages")))
