# Everything a person runs. `make app` and `make test` work on a machine that has only Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
ADDRESS ?= 127.0.0.1

.PHONY: help app class test check lint bench weights broken messages clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 22

app: $(VENV)/app  ## open the app in the browser, with the shipped weights
	$(BIN)/python -m streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT)

class:  ## the same for a class: phones and computers in your network can join
	@$(MAKE) app ADDRESS=0.0.0.0

test: $(VENV)/dev lint  ## every check and every test, a real browser among them
	$(BIN)/python tools/browser.py
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone" --ignore tests/transformer
	$(BIN)/python -m pytest -m "not alone" tests/transformer & others=$$!; \
	  $(BIN)/python -m pytest -m alone; alone=$$?; wait $$others && exit $$alone

check: $(VENV)/dev lint  ## for daily work: style, types, the tests of what changed, a minute in a browser
	$(BIN)/python tools/browser.py
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not alone" $$($(BIN)/python -m tools.changed)

lint: $(VENV)/dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/bench  ## measure side by side with peers; writes build/bench.json
	$(BIN)/python tools/browser.py
	.venv-bench/bin/python -m benchmarks

messages: $(VENV)/dev  ## collect the interface strings into ui/locale/atlas.pot, for translators
	$(BIN)/pybabel -q extract --omit-header --no-location --sort-output --output ui/locale/atlas.pot home.py pages ui

weights: $(VENV)/app  ## train the two shipped models again (about six hours, then half an hour on a GPU)
	$(BIN)/python -m transformer train grammar-en-fr --out runs/grammar-en-fr $(GRAMMAR_RECIPE)
	$(BIN)/python -m transformer train tatoeba-en-fr --out runs/tatoeba-first $(TATOEBA_ALL) $(TATOEBA_FIRST)
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-first --out runs/tatoeba-second $(TATOEBA_ALL) $(TATOEBA_SECOND)
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-second --out runs/tatoeba-third $(TATOEBA_ALL) $(TATOEBA_THIRD)
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-third --out runs/tatoeba-fourth $(TATOEBA_ALL) $(TATOEBA_FOURTH)
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-fourth --out runs/tatoeba-fifth $(TATOEBA_ALL) $(TATOEBA_FIFTH)
	$(BIN)/python -m transformer average tatoeba-third tatoeba-fourth tatoeba-fifth --out runs/tatoeba-mean
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-mean --out runs/tatoeba-gpu-1 $(TATOEBA_GPU) $(TATOEBA_GPU_1)
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-mean --out runs/tatoeba-gpu-2 $(TATOEBA_GPU) $(TATOEBA_GPU_2)
	$(BIN)/python -m transformer train tatoeba-en-fr --from tatoeba-mean --out runs/tatoeba-gpu-3 $(TATOEBA_GPU) $(TATOEBA_GPU_3)
	$(BIN)/python -m transformer average tatoeba-gpu-3 tatoeba-gpu-2 tatoeba-gpu-1 --out runs/tatoeba-en-fr

broken: $(VENV)/app  ## train the detective's seven models again (about ten minutes)
	for each in $(BROKEN); do \
	  letter=$$(echo $$each | cut -d. -f1); heads=$$(echo $$each | cut -d. -f2); part=$$(echo $$each | cut -d. -f3); \
	  OMP_NUM_THREADS=1 $(BIN)/python -m transformer train grammar-en-fr --out runs/broken/$$letter $(BROKEN_RECIPE) \
	    --heads $$heads $${part:+--without $$part} || exit 1; \
	done

clean:  ## remove what can be made again; runs/ stays
	rm -rf $(VENV) .venv-bench build look .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What is not said here, the corpus brings: RECIPES in transformer/corpora/.
GRAMMAR_RECIPE := --epochs 4 --snapshots 19
# Tidy sentences first, and again; then, with a vocabulary that has pieces for them, sentences as people type them; then prices, with
# a slice of the rest, and everything once more; from the mean of the last three on a GPU, three times: what ships is their mean
TATOEBA_ALL := --also grammar-en-fr:4000 --swap-names 0.3 --sample-pieces 0.1 --batch-tokens 3000 --validation-pairs 300
TATOEBA_FIRST := --minutes 94 --peak-rate 0.0014 --warm-up 1200 --cool-down 0.3
TATOEBA_SECOND := --minutes 118 --peak-rate 0.0008 --warm-up 600 --cool-down 0.4
TATOEBA_AS_TYPED := --other-case 0.25 --other-signs 0.06
TATOEBA_THIRD := --new-pieces --minutes 100 --peak-rate 0.0008 --warm-up 600 --cool-down 0.5 --snapshots 6 $(TATOEBA_AS_TYPED)
TATOEBA_FOURTH := --pairs 20000 --minutes 14 --peak-rate 0.0005 --warm-up 60 --cool-down 0.9 --snapshots 3 --also prices-en-fr:10000 \
  $(TATOEBA_AS_TYPED)
TATOEBA_FIFTH := --pairs 1000000 --minutes 12 --peak-rate 0.0004 --warm-up 60 --cool-down 0.9 --snapshots 0 --also prices-en-fr:4000 \
  $(TATOEBA_AS_TYPED)
TATOEBA_GPU := --minutes 8 --cool-down 0.9 --warm-up 150 --pairs 1000000 --validation-pairs 200 --snapshots 0 --also grammar-en-fr:4000 \
  --also prices-en-fr:4000 --swap-names 0.3 --sample-pieces 0.1 --other-signs 0.06 --batch-tokens 16000
TATOEBA_GPU_1 := --dropout 0.1 --other-case 0.5 --peak-rate 0.001 --seed 1
TATOEBA_GPU_2 := --dropout 0.1 --other-case 0.6 --peak-rate 0.0012 --seed 2
TATOEBA_GPU_3 := --dropout 0.14 --other-case 0.5 --peak-rate 0.0012 --seed 3

# The detective's models, as letter.heads.part: what ships of them is the checkpoint, and every so many lines of history.jsonl
BROKEN := a.4.norm b.4.positions c.4. d.1. e.4.residual f.4.scaling g.4.mask
BROKEN_RECIPE := --epochs 5 --vocabulary-size 2400 --d-model 48 --layers 2 --d-ff 96 --peak-rate 0.004 --batch-tokens 700 \
  --dropout 0 --cool-down 0.8 --validation-pairs 100 --snapshots 0

# Environments. The stamp files say which requirements are installed.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Attention Atlas needs Python 3.11 or newer; set PYTHON=.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/app: requirements.txt | $(VENV)/bin/python
	$(BIN)/python tools/install.py requirements.txt
	touch $@

$(VENV)/dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python tools/install.py requirements-dev.txt
	touch $(VENV)/app $@

$(VENV)/bench: requirements.txt requirements-dev.txt requirements-bench.txt | $(VENV)/dev
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python tools/install.py requirements-bench.txt
	touch $@
