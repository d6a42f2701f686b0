"""``nntrain fit`` written by hand in PyTorch: read, encode, split, train, evaluate, keep the best network.

    python benchmarks/scripts/pytorch_fit.py iris|adult|digits FILE EPOCHS NETWORK.pt

Batches are indexed tensors, without a DataLoader. The last line is the test accuracy.
"""

from __future__ import annotations

import copy
import sys
from typing import Any

import torch
from torch import nn

Rows = tuple[torch.Tensor, torch.Tensor]
Parts = dict[str, Rows]

# Rows of each set, network, options of Adam, batch size.
Setting = tuple[Parts, nn.Module, dict[str, Any], int]

# Fractions of the rows, the defaults of ``nntrain fit``.
VALIDATION, TEST = 0.15, 0.15


def iris(path: str) -> Setting:
    """Load four standardized measurements and three species."""
    import pandas  # type: ignore[import-untyped,unused-ignore]

    table = pandas.read_csv(path)
    t = torch.from_numpy(table.pop("species").factorize()[0])
    parts = split(torch.from_numpy(table.to_numpy("float32")), t, test=0.3)
    x = parts["train"][0]
    mean, std = x.mean(0), x.std(0)
    parts = {name: ((x - mean) / std, t) for name, (x, t) in parts.items()}
    model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 3))
    return parts, model, {"lr": 0.01, "weight_decay": 0.01}, 16


def adult(path: str) -> Setting:
    """Load standardized numbers and one-hot categories, and whether income exceeds 50,000 dollars."""
    import pandas  # type: ignore[import-untyped,unused-ignore]

    table = pandas.read_csv(path)
    t = torch.from_numpy(table.pop("income").factorize(sort=True)[0])
    numbers = table.select_dtypes("number").columns
    inputs = pandas.get_dummies(table, dtype="float32")
    parts = split(torch.from_numpy(inputs.to_numpy("float32")), t)
    x = parts["train"][0]
    mean, std = torch.zeros(x.shape[1]), torch.ones(x.shape[1])
    places = inputs.columns.get_indexer(numbers)
    mean[places], std[places] = x[:, places].mean(0), x[:, places].std(0)
    parts = {name: ((x - mean) / std, t) for name, (x, t) in parts.items()}
    width = x.shape[1]
    model = nn.Sequential(nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 2))
    return parts, model, {"lr": 0.001, "weight_decay": 4.39e-5}, 256


def digits(path: str) -> Setting:
    """Load pixels from 0 to 1; the file has a test set."""
    import h5py

    with h5py.File(path) as file:
        arrays = {name: (file[name]["inputs"][...], file[name]["targets"][...]) for name in ("train", "test")}
    tensors = {name: (torch.from_numpy(x).flatten(1) / 255, torch.from_numpy(t)) for name, (x, t) in arrays.items()}
    parts = split(*tensors["train"], test=0.0) | {"test": tensors["test"]}
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    return parts, model, {"lr": 0.001, "weight_decay": 1.47e-4}, 64


def split(x: torch.Tensor, t: torch.Tensor, test: float = TEST) -> Parts:
    """Return random rows of each set."""
    order = torch.randperm(len(t))
    first = round(len(t) * (1 - VALIDATION - test))
    second = round(len(t) * (1 - test))
    cut = {"train": order[:first], "validation": order[first:second], "test": order[second:]}
    return {name: (x[rows], t[rows]) for name, rows in cut.items()}


def fit(parts: Parts, model: nn.Module, options: dict[str, Any], batch: int, epochs: int) -> None:
    """Train with Adam, print each epoch, and restore the parameters with the best validation score."""
    x, t = parts["train"]
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), **options)
    least, best = float("inf"), model.state_dict()
    for epoch in range(epochs):
        model.train()
        total, right = 0.0, 0
        for rows in torch.split(torch.randperm(len(t)), batch):
            truths = t[rows]
            optimizer.zero_grad()
            y = model(x[rows])
            loss = criterion(y, truths)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
            right += (y.argmax(1) == truths).sum().item()
        loss, accuracy = score(model, *parts["validation"])
        print(f"epoch {epoch + 1}: train {total / len(t):.4f} {right / len(t):.4f}, {loss:.4f} {accuracy:.4f}")
        if loss < least:
            least, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)


def score(model: nn.Module, x: torch.Tensor, t: torch.Tensor) -> tuple[float, float]:
    """Return loss and accuracy on rows."""
    model.eval()
    with torch.inference_mode():
        y = model(x)
        return nn.functional.cross_entropy(y, t).item(), (y.argmax(1) == t).float().mean().item()


def main() -> None:
    """Train on a file and save the network."""
    name, path, epochs, out = sys.argv[1:]
    torch.manual_seed(1)
    parts, model, options, batch = {"iris": iris, "adult": adult, "digits": digits}[name](path)
    fit(parts, model, options, batch, int(epochs))
    torch.save(model.state_dict(), out)
    for part, rows in parts.items():
        loss, accuracy = score(model, *rows)
        print(part, f"{loss:.4f}", accuracy)


if __name__ == "__main__":
    main()
