"""Which kernels are chosen for which processor, before numpy is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.compute import cpu_setup

AVX512 = "fpu sse2 avx2 avx512f avx512cd avx512bw avx512dq avx512vl"


def chosen(monkeypatch: pytest.MonkeyPatch, path: Path, vendor: str, flags: str, **environ: str) -> str | None:
    path.write_text(f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n\nprocessor\t: 1\nvendor_id\t: x\n")
    monkeypatch.setattr(cpu_setup, "CPU_INFO_PATH", str(path))
    monkeypatch.setattr(cpu_setup.os, "environ", environ)
    monkeypatch.setattr(cpu_setup.sys, "modules", {})
    cpu_setup.choose_kernels()
    return environ.get(cpu_setup.KERNELS_VARIABLE)


@pytest.mark.parametrize(
    ("vendor", "flags", "wanted"),
    [
        ("AuthenticAMD", AVX512, "SkylakeX"),
        ("GenuineIntel", AVX512, None),
        ("AuthenticAMD", "fpu sse2 avx2", None),
        ("AuthenticAMD", AVX512.replace("avx512dq", ""), None),
    ],
)
def test_avx512_is_used_where_openblas_would_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, vendor: str, flags: str, wanted: str | None
) -> None:
    assert chosen(monkeypatch, tmp_path / "cpuinfo", vendor, flags) == wanted


def test_what_somebody_chose_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environ = {cpu_setup.KERNELS_VARIABLE: "Haswell"}
    assert chosen(monkeypatch, tmp_path / "cpuinfo", "AuthenticAMD", AVX512, **environ) == "Haswell"


def test_nothing_is_chosen_where_the_processor_is_not_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cpu_setup, "CPU_INFO_PATH", str(tmp_path / "none"))
    assert cpu_setup.read_processor() == ("", set())


def test_the_command_line_chooses_before_numpy_is_imported() -> None:
    text = "import sys, nntrain.cli.main; print('numpy' in sys.modules, 'h5py' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]


def test_help_imports_nothing_that_takes_long() -> None:
    text = "import sys; from nntrain.cli.main import run_command; run_command(['--help']); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
    assert "Plugin commands" in out
    assert not {"numpy", "h5py", "duckdb", "pydantic", "tqdm"} & set(out.splitlines()[-1].split())


def test_openblas_begins_with_one_thread_where_there_is_little_memory() -> None:
    resource = pytest.importorskip("resource")
    limit, few = resource.RLIMIT_AS, 2**32 - 1
    code = f"import os, resource; resource.setrlimit({limit}, ({few}, {few}));"
    code += "from nntrain.compute.cpu_setup import limit_threads; limit_threads();"
    code += "print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, env=env, check=True).stdout
    assert out.split() == [b"1"]
