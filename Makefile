.PHONY: check test fix pages bench

# Everything that must be true of a commit.
check: test
	ruff check .
	ruff format --check .
	mypy

test:
	pytest -n auto

fix:
	ruff check --fix .
	ruff format .

# The pages that are made from the code; tests say when they are stale.
pages:
	nntrain layers --markdown
	nntrain schema --markdown > docs/config.md
	python -m nntrain.cli.reference > docs/commands.md

# Beside PyTorch, scikit-learn and JAX, where they are installed; the table is in runs/benchmarks/results.md.
bench:
	python -m benchmarks
