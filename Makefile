.PHONY: check test fix pages site dist bench

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
	python -m nntrain.cli.command_reference > docs/commands.md
	python -m tests.docs.session
	python -m tests.docs.package_layout

# The documentation as a site, in build/site; open build/site/index.html. Needs the extra docs.
site:
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict --quiet

# What is published: an sdist, and a wheel that is built from it, in dist/.
dist:
	rm -rf dist
	python -m build --quiet --outdir dist .
	twine check --strict dist/*

# Beside PyTorch, scikit-learn and JAX, where they are installed; the table is in runs/benchmarks/results.md.
bench:
	python -m benchmarks
