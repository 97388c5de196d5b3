# Every target sets up what it needs in .venv, once. `make demo` and `make test` need Python 3.11 or later, its venv and make.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
RUN = .venv/bin/python -m
INSTALL = $(RUN) pip install -q -c constraints.txt --no-compile  # most of it is never run
EXAMPLES = docs/examples
PLAN = $(RUN) preorder_kit plan --supply $(EXAMPLES)/inventory.csv
PROMISE = $(RUN) preorder_kit promise --supply $(EXAMPLES)/inventory.csv

# What is compiled once need not be compiled again by each of the programs that tests start.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: demo test check ci format lint types layers types-complete coverage others docs playground wheel fuzz nightly hygiene bench bench-frames signatures columns schemas conformance diagram pictures clean help mutants mutants-sample budgets api anywhere laws documents

# On the command line, as in make mutants MODULES=rationing:
MODULES =#      of `make mutants`: those to try, by default all that decide
TESTS =#        of `make mutants`: the tests to try them with, by default all that can
FRESH =#        of `make mutants`: not empty to forget what was measured
UPDATE =#       of `make budgets`: not empty to make what is measured the budget
IN_PARTS =#     of `make test`: not empty to measure coverage on the way, and to be far from home
AGAINST =#      of `make api`: a tag or commit to compare with, by default the latest tag v*

# Places and seeds that change no answer. The two halves of all tests run in one of them each.
FAR_EAST = TZ=Pacific/Kiritimati PYTHONHASHSEED=1 LC_ALL=C
FAR_WEST = TZ=America/St_Johns PYTHONHASHSEED=4711 LC_ALL=POSIX PYTHONTZPATH=

help:  ## says what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

demo: .venv/demo  ## plans the example orders
	@echo; echo "A pre-ordered CD and its shipping, four days before the street date:"; echo
	@$(PLAN) $(EXAMPLES)/preorder_cd.json --at 2019-02-01T10:00:00+11:00 --zone Australia/Sydney
	@echo; echo "The same order on the day after it:"; echo
	@$(PLAN) $(EXAMPLES)/preorder_cd.json --at 2019-02-06T10:00:00+11:00 --zone Australia/Sydney
	@echo; echo "An order with stock, a backorder, a pre-order, a digital ticket and a cancellation:"; echo
	@$(PLAN) $(EXAMPLES)/mixed_order.json --at 2026-11-23T10:00:00+01:00 --zone Europe/Amsterdam
	@echo; echo "Tea sets from two locations, one of them to wait for at Oslo:"; echo
	@$(RUN) preorder_kit plan $(EXAMPLES)/tea_set.json --supply $(EXAMPLES)/two_locations.json --backorder-at Oslo --at 2026-11-22T10:00:00Z
	@echo; echo "When it arrives, and whose promise breaks if a supplier is late:"; echo
	@$(PROMISE) $(EXAMPLES)/mixed_order.json --at 2026-11-23T10:00:00+01:00 --zone Europe/Amsterdam --moved PO2002=2026-12-24
	@echo; echo "What can be promised of one SKU in a month of supply and orders:"; echo
	@$(RUN) preorder_kit timeline --supply $(EXAMPLES)/december.json --sku CD1105 --start 2026-11-22
	@echo; echo "How a shop system's stock fields are read:"; echo
	@$(RUN) preorder_kit stock 250 9 0 -2 few infinite ""

# In parts, every test runs once as well: those that coverage needs with it, then the others and those that are slow.
test: .venv/dev .venv/spark .venv/browser  ## runs all tests, and every example in docstrings and documents
	@$(if $(IN_PARTS),$(FAR_EAST) $(MAKE) --no-print-directory coverage,$(RUN) pytest -n auto --dist loadgroup)
	@$(if $(IN_PARTS),$(FAR_WEST) $(MAKE) --no-print-directory others)

check: format lint types layers test  ## what to run before each commit

# What needs one core runs beside what needs one; tests take them all.
ci: .venv/dev .venv/browser  ## what decides whether a change lands
	@$(MAKE) --no-print-directory -j2 -O .venv/spark format lint types layers api docs
	@$(MAKE) --no-print-directory test IN_PARTS=yes
	@$(MAKE) --no-print-directory -j2 -O wheel types-complete fuzz hygiene mutants-sample

format: .venv/dev  ## sees that ruff would change no line
	@$(RUN) ruff format --check --quiet

lint: .venv/dev  ## ruff and pydoclint
	@$(RUN) ruff check --quiet
	@.venv/bin/pydoclint --quiet src

types: .venv/dev  ## mypy, strict
	@$(RUN) mypy

layers: .venv/dev  ## sees that modules import only from floors below
	@mkdir -p build
	@.venv/bin/lint-imports --no-logo --cache-dir .cache/import_linter > build/layers.log 2>&1 || (cat build/layers.log; exit 1)

types-complete: .venv/dev  ## sees that every public name has a type
	@mkdir -p build
	@PATH="$$PWD/.venv/bin:$$PATH" pyright --verifytypes preorder_kit --ignoreexternal > build/types.log || (cat build/types.log; exit 1)

COVERED = tests/unit tests/golden tests/contract tests/frames src
OTHERS = $(filter-out $(COVERED) %/__pycache__,$(patsubst %/,%,$(wildcard tests/*/))) docs README.md

coverage: .venv/dev  ## runs the tests that reach every branch, and fails where one is not reached
	@$(RUN) pytest -n auto --dist loadgroup --quiet --cov --cov-branch --cov-report=term -m "not slow" $(COVERED)

others: .venv/dev .venv/spark .venv/browser  ## runs the tests that coverage leaves out
	@$(RUN) pytest -n auto --dist loadgroup --quiet $(OTHERS)
	@$(RUN) pytest -n auto --dist loadgroup --quiet -m slow $(COVERED)

docs: .venv/dev playground  ## builds the documentation in build/docs
	@$(RUN) sphinx -n -W -q -b html docs build/docs

playground: .venv/dev  ## builds the playground
	@.venv/bin/python scripts/playground.py

wheel: .venv/dev  ## tests the wheel with every Python that is found
	@rm -rf build/wheel && mkdir -p build && $(RUN) build --no-isolation --outdir build/wheel > build/wheel.log || (cat build/wheel.log; exit 1)
	@.venv/bin/python scripts/wheel_tests.py build/wheel

fuzz: .venv/dev  ## reads mutated documents for half a minute
	@.venv/bin/python scripts/fuzz.py --count 40000 --seconds 25

mutants: .venv/dev  ## changes the rules one by one, and sees that a test notices; hours, and goes on where it stopped
	@.venv/bin/python scripts/mutants.py $(if $(MODULES),--modules $(MODULES)) $(if $(TESTS),--tests $(TESTS)) $(if $(FRESH),--fresh)

# As much of it as shows that it works: one module, with the tests that are about it.
mutants-sample: .venv/dev  ## the same of one module, in seconds
	@.venv/bin/python scripts/mutants.py --fresh --modules _workdays --tests tests/unit/test_workdays.py

budgets: .venv/dev  ## counts the instructions of hot paths and of the import; UPDATE=1 writes the budgets
	@.venv/bin/python scripts/budgets.py $(if $(UPDATE),--update)

api: .venv/dev  ## says what breaks for callers of the last release; AGAINST=v0.1.0 names another
	@.venv/bin/python scripts/api_check.py $(AGAINST)

anywhere: .venv/dev  ## runs all tests in another time zone, locale and hash seed, twice
	@$(FAR_EAST) $(RUN) pytest -n auto --dist loadgroup --quiet
	@$(FAR_WEST) $(RUN) pytest -n auto --dist loadgroup --quiet

laws: .venv/dev  ## looks at 2,000 examples of each law
	@HYPOTHESIS_PROFILE=nightly $(RUN) pytest -n auto --dist loadgroup --quiet tests/property tests/stateful

documents: .venv/dev  ## reads a million mutated documents
	@.venv/bin/python scripts/fuzz.py --count 1000000

# The long ones, the shortest first; one that fails does not keep the others from running.
NIGHT = api budgets documents anywhere wheel laws mutants

nightly: .venv/dev .venv/spark .venv/browser  ## runs all the long ones; what failed is said at the end
	@failed=; for step in $(NIGHT); do echo "$$(date +%H:%M) $$step"; \
		$(MAKE) --no-print-directory $$step || failed="$$failed $$step"; done; \
		echo "$$(date +%H:%M) done"; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

hygiene: .venv/dev  ## looks for unused names and dependencies, and for typos
	@.venv/bin/deptry src
	@$(RUN) vulture --ignore-names "$$(.venv/bin/python scripts/public_names.py)"
	@.venv/bin/typos

bench: .venv/dev  ## prints what the library costs, as ratios to bare loops
	@cd bench && ../.venv/bin/python promises.py && ../.venv/bin/python splitting.py && ../.venv/bin/python waiting.py

bench-frames: .venv/dev  ## prints what answers over dataframes cost
	@cd bench && ../.venv/bin/python frames.py

signatures: .venv/dev  ## writes the public signatures on record
	@.venv/bin/python scripts/signatures.py > tests/contract/signatures.txt

columns: .venv/dev  ## writes the columns of frames into the reference
	@.venv/bin/python scripts/frame_columns.py

schemas: .venv/dev  ## writes the JSON Schemas of the native documents
	@.venv/bin/python scripts/schemas.py

conformance: .venv/dev  ## answers the cases of the conformance suite anew
	@.venv/bin/python scripts/conformance.py

diagram: .venv/dev  ## draws the states of a part, and the floors, from their tables
	@.venv/bin/python scripts/lifecycle_diagram.py
	@.venv/bin/python scripts/floors_picture.py

pictures: .venv/dev  ## draws the pictures of the documents from their examples
	@.venv/bin/python scripts/pictures.py

clean:  ## removes all that was set up and built
	rm -rf .venv .cache .hypothesis build dist

# A set-up that ends leaves a file behind; one that is cut short starts again.
.venv/demo: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name one with make PYTHON=..."; exit 1; }
	@echo "Setting up .venv, once ..."
	@"$(PYTHON)" -m venv .venv
	@$(INSTALL) --disable-pip-version-check pip hatchling editables
	@$(INSTALL) --no-build-isolation -e '.[cli]'
	@touch $@

.venv/dev: .venv/demo
	@echo "Setting up the tools, once ..."
	@$(INSTALL) --no-build-isolation -e '.[cli,testing,holidays,plot,i18n,solver,frames]' --group dev
	@touch $@

# Its tests run where Java is, and say that they are left out where it is not.
.venv/spark: .venv/dev
	@if java -version > /dev/null 2>&1; then echo "Setting up Spark, once ..." && $(INSTALL) pyspark && touch $@; fi

# Likewise the playground's, where Chromium is and the documentation is built.
.venv/browser: .venv/dev
	@if command -v chromium > /dev/null; then echo "Setting up what drives Chromium, once ..." && $(INSTALL) --group browser && touch $@; fi
