# A thin door to cargo and localstack/. Whatever is built or installed goes to the cache, not into the clone.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build release test demo local local-down bench prerequisites deny

CACHE := $(or $(EKSACT_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/eksact)
export EKSACT_CACHE := $(CACHE)
export CARGO_TARGET_DIR ?= $(CACHE)/target
# How far a build is shows without a terminal too.
export CARGO_TERM_PROGRESS_WHEN ?= always
export CARGO_TERM_PROGRESS_WIDTH ?= 80
DENY_VERSION := 0.20.2
DENY := $(CACHE)/tools/bin/cargo-deny
EKSACT := $(CARGO_TARGET_DIR)/debug/eksact

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/[$$][$$]/, "$$"); printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

prerequisites:
	@localstack/prerequisites

build: prerequisites ## Build eksact (a first build takes 5 to 10 minutes, later ones seconds)
	@if [ ! -x "$(EKSACT)" ]; then \
		echo "building eksact and about 370 crates that it uses, the AWS SDK above all; the next build is quick" >&2; fi
	@cargo build --locked >&2

release: prerequisites ## Build eksact as it is shipped: stripped, fat LTO
	@echo "building eksact for release: 10 to 20 minutes the first time" >&2
	@cargo build --locked --release >&2
	@ls -l "$(CARGO_TARGET_DIR)/release/eksact"

$(DENY):
	@echo "installing cargo-deny $(DENY_VERSION): some minutes, once" >&2
	@cargo install cargo-deny --version $(DENY_VERSION) --locked --debug --root "$(CACHE)/tools" --target-dir "$(CACHE)/tools-target"
	@rm -rf "$(CACHE)/tools-target"

deny: $(DENY)
	@"$(DENY)" check bans licenses sources

test: ## Format, lints, licences, all tests: what has to pass
	@localstack/prerequisites --controllers
	@echo "1/5 format"; cargo fmt --check
	@echo "2/5 clippy (a first build of everything takes 5 to 10 minutes, the next is quick)"
	@cargo clippy --locked --all-targets -- -D warnings
	@echo "3/5 cargo deny"; $(MAKE) --no-print-directory deny
	@echo "4/5 tests of eksact (a first build takes 5 to 10 minutes more)"; cargo test --locked
	@echo "5/5 tests of the local AWS (a first build of Kubernetes, about 5 minutes, runs beside them)"; localstack/test

demo: build ## A cluster planned, made, edited, killed in the middle, scaled and deleted, on a local AWS with a real Kubernetes API
	@localstack/prerequisites --controllers
	@localstack/demo "$(EKSACT)"

local: build ## Start a local AWS, with Kubernetes, in the background: eval "$$(make -s local)"
	@localstack/prerequisites --kubernetes
	@localstack/up --kubernetes
	@echo 'export PATH="$(CARGO_TARGET_DIR)/debug:$$PATH"'

local-down: ## Stop the local AWS
	@localstack/down

bench: prerequisites ## Measure: create, delete, get and plan against the local AWS, memory and size
	@localstack/prerequisites --kubernetes
	@cargo build --locked --release >&2
	@localstack/bench "$(CARGO_TARGET_DIR)/release/eksact"
