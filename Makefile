# The tasks of CONTRIBUTING.md. `make` lists them.

MVN ?= mvn
TEST ?=
MUTANT ?=
MINUTES ?= 2

.DEFAULT_GOAL := help
.PHONY: help build demo test unit one format fuzz mutants soak bench bench-rules image container docs rules ci

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build target/postern, without tests
	$(MVN) -DskipTests package

demo: build ## run the demo: an identity provider and pages around a real Postern
	target/postern/bin/postern demo

test: ## run all tests
	$(MVN) verify

unit: ## run the unit tests
	$(MVN) test

one: ## run one test class: make one TEST=RulesReadmeTest (or an integration test: TEST=ReloadIT)
	@test -n '$(TEST)' || { echo 'Name a test: make one TEST=RulesReadmeTest' >&2; exit 2; }
	@case '$(TEST)' in \
	  *IT | *IT\#*) set -x; $(MVN) verify -Dit.test='$(TEST)' -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false ;; \
	  *) set -x; $(MVN) test -Dtest='$(TEST)' ;; \
	esac

format: ## format the Java sources
	$(MVN) -P format validate

fuzz: ## run each fuzzer for ten minutes
	$(MVN) -P fuzz test

mutants: ## break each guarantee on purpose; one only: MUTANT=01-key-without-host
	$(MVN) test-compile
	src/test/mutants/run $(MUTANT)

soak: build ## run mixed load for MINUTES (2)
	src/bench/soak --minutes $(MINUTES)

bench: build ## compare with nginx and others, in about five minutes; needs an idle machine
	src/bench/compare --quick

bench-rules: ## benchmark the rule language and the route tables
	$(MVN) -P bench test-compile exec:exec@bench

image: ## build the container image with Docker
	docker build --tag postern .

container: build ## test the container image, without an engine; as root, on Debian
	src/test/container/run

docs: ## write docs/configuration.md, and test the pages
	$(MVN) test -Dpostern.docs.write=true \
	  -Dtest='ConfigurationDocsTest,DocsLinksTest,DocsSnippetsTest,LimitTableTest,MessagesDocsTest,MetricsPageTest,RulesReadmeTest,TrapsDocsTest'

rules: build ## validate the rules directory
	DOMAIN=domain.tld target/postern/bin/postern validate --strict rules

ci: ## run everything that CI runs; installs packages, as root, on Debian
	.ci/run
