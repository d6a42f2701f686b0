"""A fresh virtual environment that sees what this one has, and needs no network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

# pip takes its options from here too, so that the commands of a page run as they are printed.
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


class Environment:
    """``run`` a line of a shell in it, in the folder ``at``."""

    def __init__(self, root: Path, at: Path) -> None:
        self.at = at
        self.bin = root / "bin"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root)], check=True)
        self.library = library = root / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
        outer = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (library / "outer.pth").write_text(
            "".join(f"import site; site.addsitedir({path!r})\n" for path in sorted(outer)), encoding="utf-8"
        )
        self.script("nntrain", "from nntrain.cli.entry import main")
        self.script("pip", "from pip._internal.cli.main import main")

    def import_at_start(self, folder: Path, module: str) -> None:
        """Let every Python of this environment import a module of a folder first."""
        text = f"import sys\nsys.path.append({str(folder)!r})\nimport {module}\n"
        (self.library / "sitecustomize.py").write_text(text, encoding="utf-8")

    def script(self, name: str, imported: str) -> None:
        """A command of this environment."""
        path = self.bin / name
        path.write_text(f"#!{self.bin / 'python'}\nimport sys\n{imported}\nsys.exit(main())\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, line: str, code: int = 0) -> str:
        """What the line says on both outputs, which must end with that code."""
        paths = {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": ""}
        told = subprocess.run(
            line, shell=True, cwd=self.at, env={**os.environ, **OFFLINE, **paths}, capture_output=True, text=True
        )
        assert told.returncode == code, f"{line}: {told.returncode}\n{told.stdout}{told.stderr}"
        return told.stdout + told.stderr
