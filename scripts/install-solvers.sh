#!/usr/bin/env bash
# Installs the SMT solvers of `npm run test:smt` and of the benchmark prover-peers into a folder of the project.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv .ringfence/solvers
.ringfence/solvers/bin/pip install --quiet --disable-pip-version-check -r scripts/solvers-requirements.txt
