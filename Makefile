.PHONY: check test fix pages site dist bench

# All checks of a commit.
check: test
	ruff check .
	ruff format --check .
	mypy

test:
	pytest -n auto

fix:
	ruff check --fix .
	ruff format .

# Generate pages from the code; tests fail if they are stale.
pages:
	nntrain layers --markdown
	nntrain schema --markdown > docs/config.md
	python -m nntrain.cli.command_reference > docs/commands.md
	python -m tests.docs.session
	python -m tests.docs.package_layout

# Build the documentation site in build/site; open build/site/index.html. Needs the extra docs.
site:
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict --quiet

# Build the sdist, and a wheel from it, in dist/.
dist:
	rm -rf dist
	python -m build --quiet --outdir dist .
	twine check --strict dist/*

# Compare with PyTorch, scikit-learn and JAX, if installed; the table is in runs/benchmarks/results.md.
bench:
	python -m benchmarks
