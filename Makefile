# Each target does all of its own set-up; the second time there is nothing left to set up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA := .data

.PHONY: serve test soak check format eval reader bench clean

serve: $(STAMP)
	$(BIN)/yuanwen index corpus --data $(DATA) --prune
	$(BIN)/yuanwen serve --data $(DATA)

test: $(STAMP)
	$(BIN)/python -m pytest

# What is long by nature.
soak: $(STAMP)
	$(BIN)/python -m pytest -m soak

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_imports.py

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: $(STAMP)
	$(BIN)/yuanwen eval corpus --out out/corpus

# The weights that ship, in about an hour and a quarter; fold-0 has those that are measured, which
# have not learned from a third of the articles.
TRAIN := $(BIN)/python -m eval.train_reader --data ../shared/benchmarks --mined out/reader/mined

reader: $(STAMP)
	$(TRAIN) --fold 0 --windows 12000 --seed 0 --evaluate 1 --out out/reader/first
	$(TRAIN) --fold 0 --windows 12000 --seed 1 --from out/reader/first/reader.safetensors --out out/reader/fold-0
	$(TRAIN) --windows 8000 --seed 2 --from out/reader/fold-0/reader.safetensors --out out/reader/final

bench: $(STAMP)
	$(BIN)/python -m eval.bench
	$(BIN)/python -m eval.bench_scale
	$(BIN)/python -m eval.bench_serve
	$(BIN)/python -m eval.bench_llm

clean:
	rm -rf $(VENV) $(DATA) out

# The stamp comes last, so that an interrupted install is taken up again.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Yuanwen needs Python 3.11 or newer; name one with: make PYTHON=python3.11 $@")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@
