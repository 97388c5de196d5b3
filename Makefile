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
.PHONY: demo test check ci format lint types layers types-complete coverage docs wheel fuzz nightly hygiene bench bench-frames signatures columns schemas diagram clean

demo: .venv/demo
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

test: .venv/dev .venv/spark
	@$(RUN) pytest -n auto --dist loadgroup

check: format lint types layers test

# What needs one core runs beside what needs one; tests take them all.
ci: .venv/dev
	@$(MAKE) --no-print-directory -j2 -O .venv/spark format lint types layers
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory coverage
	@$(MAKE) --no-print-directory -j2 -O wheel types-complete docs fuzz hygiene

format: .venv/dev
	@$(RUN) ruff format --check --quiet

lint: .venv/dev
	@$(RUN) ruff check --quiet
	@.venv/bin/pydoclint --quiet src

types: .venv/dev
	@$(RUN) mypy

layers: .venv/dev
	@mkdir -p build
	@.venv/bin/lint-imports --no-logo --cache-dir .cache/import_linter > build/layers.log 2>&1 || (cat build/layers.log; exit 1)

types-complete: .venv/dev
	@mkdir -p build
	@PATH="$$PWD/.venv/bin:$$PATH" pyright --verifytypes preorder_kit --ignoreexternal > build/types.log || (cat build/types.log; exit 1)

coverage: .venv/dev
	@HYPOTHESIS_PROFILE=mutation $(RUN) pytest -n auto --dist loadgroup --quiet --cov --cov-branch --cov-report=term -m "not slow" tests/unit tests/golden tests/contract tests/frames src

docs: .venv/dev
	@$(RUN) sphinx -n -W -q -b html docs build/docs

wheel: .venv/dev
	@rm -rf build/wheel && mkdir -p build && $(RUN) build --no-isolation --outdir build/wheel > build/wheel.log || (cat build/wheel.log; exit 1)
	@.venv/bin/python scripts/wheel_tests.py build/wheel

fuzz: .venv/dev
	@.venv/bin/python scripts/fuzz.py --count 40000 --seconds 25

nightly: .venv/dev
	@.venv/bin/python scripts/fuzz.py --count 1000000
	@HYPOTHESIS_PROFILE=nightly $(RUN) pytest -n auto --dist loadgroup

hygiene: .venv/dev
	@.venv/bin/deptry src
	@$(RUN) vulture --ignore-names "$$(.venv/bin/python scripts/public_names.py)"
	@.venv/bin/typos

bench: .venv/dev
	@cd bench && ../.venv/bin/python promises.py && ../.venv/bin/python splitting.py && ../.venv/bin/python waiting.py

bench-frames: .venv/dev
	@cd bench && ../.venv/bin/python frames.py

signatures: .venv/dev
	@.venv/bin/python scripts/signatures.py > tests/contract/signatures.txt

columns: .venv/dev
	@.venv/bin/python scripts/frame_columns.py

schemas: .venv/dev
	@.venv/bin/python scripts/schemas.py

diagram: .venv/dev
	@.venv/bin/python scripts/lifecycle_diagram.py

clean:
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
