"""How a run was made: its config, its environment, and what to do next."""

from nntrain.report.page.blocks import Details, Listing, Table
from nntrain.report.page.page import PageSection
from nntrain.report.trained_run import TrainedRun
from nntrain.shell_command import format_command


def build_settings_section(run: TrainedRun) -> PageSection:
    """Build the section."""
    commands = [
        format_command("predict", run.folder.path, "NEW_DATA", options=("-o", "predictions.csv")),
        format_command("evaluate", run.folder.path, "OTHER_DATA"),
        format_command("explain", run.folder.path),
        format_command("resume", run.folder.path) if not run.is_complete else format_command("show", run.folder.path),
    ]
    known = run.metadata
    facts = [
        ["nntrain", str(known.get("nntrain", "-"))],
        ["command", " ".join(["nntrain", *known.get("command", [])])],
        ["seed", str(known.get("seed", "-"))],
        ["data (SHA-256)", str(known.get("data", {}).get("fingerprint", "-"))],
        ["platform", str(known.get("platform", "-"))],
        ["processor", str(known.get("processor", "-"))],
    ]
    config = run.folder.config.read_text(encoding="utf-8")
    return PageSection(
        "settings",
        "Settings and next steps",
        [
            Listing("\n".join(commands), "Next steps"),
            Table(["origin", ""], facts),
            Details("The complete config", [Listing(config)]),
        ],
    )
