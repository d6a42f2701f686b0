.PHONY: check test fix

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
