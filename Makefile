# Two commands: `make run` opens the app on the demo county, `make test` tests everything.
# The same as plain lines for machines without make: README.md, "Without make".

PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
RUN_STAMP := .venv/.run
TEST_STAMP := .venv/.test

.PHONY: run test docs demo assets setup clean help

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: setup ## set up everything and open the app on the demo county
	$(BIN)/python geo_app.py --port $(PORT)

setup: $(RUN_STAMP) assets demo

assets: $(RUN_STAMP) ## fetch the map's scripts and fonts (npm), once
	$(BIN)/python -m ui.assets

demo: $(RUN_STAMP) ## generate the demo county, once
	$(BIN)/python -m demo

test: $(TEST_STAMP) assets demo ## set up everything, then lint, types and all tests
	$(BIN)/python -m tests.system
	$(BIN)/python -m tests

docs: $(TEST_STAMP) ## regenerate the generated pages
	$(BIN)/python -m checks docs
	$(BIN)/python -m leads docs

$(RUN_STAMP): requirements.txt constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(TEST_STAMP): requirements.txt requirements-dev.txt constraints.txt | $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean: ## remove what can be made again
	rm -rf .venv data/cache data/demo ui/assets/dist node_modules .mypy_cache .ruff_cache .pytest_cache
