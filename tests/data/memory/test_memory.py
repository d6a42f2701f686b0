"""How much memory there is, and how much data take."""

from __future__ import annotations

from pathlib import Path

import pytest

from nntrain.data.memory_size import parse_memory_size
from nntrain.data.options.data_options import DataOptions
from nntrain.data.streaming import dataset_cache, memory_budget
from nntrain.data.streaming.memory_budget import get_free_memory, get_memory_limit, is_streamed
from nntrain.data.streaming.memory_estimate import estimate_dataset_memory


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512MB", 512 * 10**6),
        ("512 mb", 512 * 10**6),
        ("1.5G", 15 * 10**8),
        ("2GiB", 2 * 2**30),
        ("300000000", 3 * 10**8),
        ("1T", 10**12),
    ],
)
def test_sizes_are_read(text, size):
    assert parse_memory_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1GB", "1 potato", "512 M M", "1e9", "256KB", "0"])
def test_invalid_size_or_too_small_is_refused(text):
    with pytest.raises(ValueError, match="expected"):
        parse_memory_size(text)


def test_a_file_is_streamed_if_it_would_not_fit(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" + "1,2\n" * 10**5)
    monkeypatch.setattr(memory_budget, "get_free_memory", lambda: 2 * 10**9)
    takes = estimate_dataset_memory(path, float("inf"))
    fits = memory_budget.BASE_MEMORY + int(takes) + 1
    assert not is_streamed(DataOptions(str(path)))
    assert not is_streamed(DataOptions(str(path), memory=fits))
    assert is_streamed(DataOptions(str(path), memory=fits - 2))
    assert is_streamed(DataOptions(str(path), memory=fits, test_path=str(path)))
    assert not is_streamed(DataOptions(str(path), memory=fits + int(takes), test_path=str(path)))
    assert not is_streamed(DataOptions(str(path), memory=1, stream=False))
    assert is_streamed(DataOptions(str(path), stream=True))


def test_without_a_word_it_is_half_of_what_is_free(monkeypatch):
    monkeypatch.setattr(memory_budget, "get_free_memory", lambda: 2 * 10**9)
    assert get_memory_limit(DataOptions("rows.csv")) == 10**9
    assert get_memory_limit(DataOptions("rows.csv", memory=5)) == 5


def test_a_container_s_limit_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_budget, "CGROUP_FOLDER", tmp_path)
    without = get_free_memory()
    assert without > 10**8
    (tmp_path / "memory.max").write_text("3000\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert get_free_memory() == 2000
    (tmp_path / "memory.max").write_text("max\n")
    assert get_free_memory() > 10**8


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"NNTRAIN_CACHE": "/told"}, "/told"),
        ("linux", {"XDG_CACHE_HOME": "/xdg"}, "/xdg/nntrain"),
        ("linux", {}, "/home-of-me/.cache/nntrain"),
        ("darwin", {}, "/home-of-me/Library/Caches/nntrain"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/nntrain/cache"),
    ],
)
def test_the_cache_is_where_the_system_has_caches(monkeypatch, platform, variables, expected):
    for name in ("NNTRAIN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(dataset_cache.sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home-of-me"))
    assert dataset_cache.get_default_cache_folder() == Path(expected)
