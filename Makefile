# Herald: `make` lists the targets. Each of them installs what it needs (see scripts/setup).
DURATION ?=
CHAOS_JOBS ?= 2000000
CHAOS_FAULTS ?= 200
CHAOS_SEED ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup build dashboard demo test lint data model notebook stack stack-down clean bench bench-peers chaos fuzz

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## install what is missing: Debian packages, MongoDB, its Python driver
	@scripts/setup

build: setup ## build the herald command into .build/release
	swift build -c release --product herald

dashboard: ## build the dashboard into dashboard/dist, which `herald serve` serves
	@scripts/dashboard

demo: ## run everything on this machine; DURATION=30 stops after 30 s and checks the balance
	@scripts/demo $(if $(DURATION),--duration $(DURATION))

test: ## lint, build and run all tests against servers of their own
	@scripts/test

lint: ## check the format of the Swift sources and the shell scripts
	@scripts/lint

data: build ## write data/notifications.csv again, byte for byte
	.build/release/herald simulate dataset --rows 100000 --seed 1 --output data/notifications.csv

model: build ## train models/v1 on data/notifications.csv and models/v2, the champion, on a million rows again (five minutes)
	rm -rf .local/models/v1 .local/models/v2
	.build/release/herald simulate dataset --rows 100000 --seed 1 --output .local/model-data.csv --truth .local/model-truth.csv
	cmp .local/model-data.csv data/notifications.csv
	.build/release/herald train --from data/notifications.csv --models .local/models --version v1 --created-at 2026-11-23T00:00:00Z \
		--truth .local/model-truth.csv
	.build/release/herald simulate dataset --rows 1000000 --seed 20260105 --output .local/model-data.csv --truth .local/model-truth.csv
	.build/release/herald train --from .local/model-data.csv --models .local/models --version v2 --parent v1 \
		--created-at 2026-11-23T00:00:00Z --truth .local/model-truth.csv
	rm -rf models/v1 models/v2
	mv .local/models/v1 .local/models/v2 models
	ln -sfn v2 models/champion

notebook: build ## measure the champion again in Python; writes .local/model-report.ipynb
	@scripts/setup --notebook
	@scripts/notebook

bench: build ## measure engine, decisions, predictions, training and the whole line, also against what `make bench-peers` installs
	swift build -c release --product herald-bench
	.build/release/herald-bench forest --json .local/bench-forest.json
	.build/release/herald-bench policy --json .local/bench-policy.json
	@scripts/setup --bench
	.build/release/herald-bench predict --json .local/bench-predict.json
	.build/release/herald-bench training --json .local/bench-training.json
	@scripts/stack start
	eval "$$(scripts/stack env)" && .build/release/herald-bench pipeline --json .local/bench-pipeline.json

bench-peers: ## install the engines and packages that `make bench` compares with into .local/bench-peers
	@scripts/bench/peers

chaos: setup ## inflict CHAOS_FAULTS faults under CHAOS_JOBS jobs and account for each job; CHAOS_SEED=2 for another order
	@scripts/chaos --jobs $(CHAOS_JOBS) --faults $(CHAOS_FAULTS) --seed $(CHAOS_SEED)

fuzz: ## feed damaged model files to the readers; FUZZ_RUNS=10000000 for longer
	@scripts/fuzz

stack: setup ## start a private RabbitMQ and MongoDB on loopback
	@scripts/stack start
	@scripts/stack status

stack-down: ## stop exactly what `make stack` started
	@scripts/stack stop

clean: stack-down ## remove the build, the servers' data and what setup put into .local
	@HERALD_STACK_DIR=.local/test-stack scripts/stack stop
	rm -rf .build .local dashboard/dist
