"""The step in JAX, as one jitted function that may overwrite its state; the rows are already on the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.mlp.mlp import MLP

__all__ = ["predictor", "step"]

# Default constants of batch normalization and Adam in nntrain and PyTorch.
EPS, MOMENTUM = 1e-5, 0.1
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def step(mlp: MLP) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = (jax.device_put(array) for array in mlp.rows())
    state = start(mlp)

    def stepped(state: dict[str, Any], x: Any, t: Any) -> tuple[dict[str, Any], Any]:
        key, drop = jax.random.split(state["key"]) if mlp.noisy else (state["key"], None)

        def loss_at(w: Any) -> tuple[Any, Any]:
            y, running = forward(mlp, w, x, state["running"], drop)
            return -jnp.take_along_axis(jax.nn.log_softmax(y), t[:, None], 1).mean(), running

        (loss, running), dw = jax.value_and_grad(loss_at, has_aux=True)(state["w"])
        return {**updated(mlp, state, dw), "key": key, "running": running}, loss

    compiled = jax.jit(stepped, donate_argnums=0)

    def made() -> float:
        nonlocal state
        state, loss = compiled(state, x, t)
        jax.block_until_ready(state)  # type: ignore[no-untyped-call, unused-ignore]
        return float(loss)

    return made


def predictor(mlp: MLP) -> Callable[[], Any]:
    """Return the scores of the rows."""
    x = jax.device_put(mlp.rows()[0])
    w = start(mlp)["w"]
    compiled = jax.jit(lambda w, x: forward(mlp, w, x, [], None)[0])
    return lambda: compiled(w, x).block_until_ready()


def start(mlp: MLP) -> dict[str, Any]:
    """Return parameters, running statistics, moments and key."""
    w = [(jnp.asarray(weight), jnp.asarray(bias)) for weight, bias in mlp.parameters()]
    hidden = [o for _, o in mlp.sizes[:-1]] if mlp.noisy else []
    scales = [(jnp.ones(o), jnp.zeros(o)) for o in hidden]
    running = [(jnp.zeros(o), jnp.ones(o)) for o in hidden]
    state = {"w": (w, scales), "running": running, "key": jax.random.key(0)}
    if mlp.optimizer == "Adam":
        m, v = (jax.tree.map(jnp.zeros_like, state["w"]) for _ in range(2))
        state |= {"m": m, "v": v, "count": jnp.zeros(())}
    return state


def forward(mlp: MLP, w: Any, x: Any, running: list[Any], drop: Any) -> tuple[Any, list[Any]]:
    """Return the scores, and the running statistics after this batch."""
    layers, scales = w
    after = []
    for number, (weight, bias) in enumerate(layers):
        x = x @ weight.T + bias
        if number == len(layers) - 1:
            break
        if not mlp.noisy:
            x = jax.nn.relu(x)
            continue
        mean, variance = x.mean(0), x.var(0)
        unbiased = variance * (mlp.batch / (mlp.batch - 1))
        before = zip(running[number], (mean, unbiased), strict=True)
        after.append(tuple((1 - MOMENTUM) * old + MOMENTUM * new for old, new in before))
        scale, shift = scales[number]
        x = jnp.compute_tanh((x - mean) * jax.lax.rsqrt(variance + EPS) * scale + shift)
        if mlp.dropped:
            kept = jax.random.bernoulli(jax.random.fold_in(drop, number), 1 - mlp.dropped, x.shape)
            x = jnp.where(kept, x / (1 - mlp.dropped), 0)
    return x, after


def updated(mlp: MLP, state: dict[str, Any], dw: Any) -> dict[str, Any]:
    """Return the state after an update by gradient descent or Adam."""
    if mlp.optimizer == "SGD":
        return state | {"w": jax.tree.map(lambda w, d: w - mlp.rate * d, state["w"], dw)}
    count = state["count"] + 1
    m = jax.tree.map(lambda m, d: BETA1 * m + (1 - BETA1) * d, state["m"], dw)
    v = jax.tree.map(lambda v, d: BETA2 * v + (1 - BETA2) * d * d, state["v"], dw)
    rate, spread = mlp.rate / (1 - BETA1**count), jnp.sqrt(1 - BETA2**count)
    w = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) / spread + EPSILON), state["w"], m, v)
    return state | {"w": w, "m": m, "v": v, "count": count}
