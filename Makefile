# Every command sets up what it needs first, inside this folder (scripts/bootstrap.py).
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) scripts/bootstrap.py

.PHONY: help run test trial bench check

help: ## say what the commands do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

run: ## set up, migrate, load the catalogue if there is none, serve on http://127.0.0.1:8000 (PORT=, WORKERS=, PYTHON=)
	@$(BOOTSTRAP) run

test: ## run all tests on SQLite and on PostgreSQL (TEST_POSTGRES=off: on SQLite only; ARGS= for pytest)
	@$(BOOTSTRAP) test $(ARGS)

trial: ## run the long forms: many kills, long fuzzing, a million rows (ARGS= for pytest)
	@$(BOOTSTRAP) trial $(ARGS)

bench: ## print the benchmark table of bench/README.md
	@$(BOOTSTRAP) bench $(ARGS)

check: ## format, lint, types, templates, migrations, deployment settings, fixtures, API schema
	@$(BOOTSTRAP) check
