# Every command of the project. On a fresh machine with Python 3.11+, git and make,
# `make serve` and `make test` do their own set-up; everything Python goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --no-config --extra dev --universal --python-version 3.11 \
	--generate-hashes --only-binary=:all: --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock

# Silences the notice that Material prints on each build; pyproject.toml pins mkdocs below 2, material below 10.
export NO_MKDOCS_2_WARNING := 1

# The clock that a build reads: the same commit gives the same bytes on any day.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

.PHONY: help serve site check test bench bench-scale bench-search bench-large lint format pictures browser lock upgrade clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1#/p' $(MAKEFILE_LIST) | tr '#' '\t'

serve: $(VENV)/installed  ## build the site and serve it on http://127.0.0.1:8000
	$(BIN)/mkdocs serve -a 127.0.0.1:8000

site: $(VENV)/installed  ## build the site into site/; a warning is an error
	$(BIN)/mkdocs build --strict

check: $(VENV)/installed  ## check the reports and data, without building the site
	$(BIN)/surveybase check

test: $(VENV)/installed browser  ## run every test
	$(BIN)/pytest --numprocesses=auto --dist=loadfile

bench: bench-scale bench-search  ## every measurement but the largest

bench-scale: $(VENV)/installed $(VENV)/bench/installed browser  ## measure builds beside stock Material's, at 1,000 and 5,000 communities
	$(BIN)/python -m bench.scale

bench-large: $(VENV)/installed browser  ## build 100,000 communities, and again after one edit
	$(BIN)/python -m bench.large

bench-search: $(VENV)/installed $(VENV)/bench/installed browser  ## measure search beside the theme's own, on up to 5,000 communities
	$(BIN)/python -m bench.search

lint: $(VENV)/installed  ## check style, types and workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci .gitlab-ci.yml

format: $(VENV)/installed  ## put the code into the house format
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

pictures: $(VENV)/installed browser  ## take the pictures of the contributors' guide anew
	PYTHONPATH=tests $(BIN)/python -m pictures

browser: $(VENV)/deps  ## find or install the Chromium and the Chinese font of the tests
	$(BIN)/python tests/install_browser.py

lock: $(VENV)/deps  ## bring requirements.lock in line with pyproject.toml, keeping versions
	$(LOCK)

upgrade: $(VENV)/deps  ## move requirements.lock to the newest versions allowed
	$(LOCK) --upgrade

clean:  ## remove all that the commands above have made
	rm -rf plugins/form/node_modules plugins/surveybase/assets/form.js
	rm -rf $(VENV) site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made anew when the lock changes, so that nothing of the old lock stays in it.
$(VENV)/deps: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d; say which: make PYTHON=python3.12 ..." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --quiet --only-binary=:all: --require-hashes -r requirements.lock
	@touch $@

# What the form's script is bundled of, which is part of the installation.
FORM := plugins/form/bundle.py plugins/form/package-lock.json $(wildcard plugins/form/src/*.js)

$(VENV)/installed: $(VENV)/deps pyproject.toml $(FORM)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(PIP) check
	@touch $@

# Beside the environment, not in it: nothing but Material's half of the bench sees these packages.
$(VENV)/bench/installed: bench/requirements.txt $(VENV)/deps
	rm -rf $(@D)
	$(PIP) install --quiet --require-hashes --no-deps --no-build-isolation --target $(@D) -r bench/requirements.txt
	@touch $@
