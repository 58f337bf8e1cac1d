#!/usr/bin/env bash
# Installs the clients of `npm run test:clients`: AWS CLI, boto3 and cfn-lint into a folder of the project, the SCIM client
# and its checks into another, rclone by the system's package manager where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv .ringfence/clients
.ringfence/clients/bin/pip install --quiet --disable-pip-version-check -r scripts/clients-requirements.txt
python3 -m venv .ringfence/scim-clients
.ringfence/scim-clients/bin/pip install --quiet --disable-pip-version-check -r scripts/scim-clients-requirements.txt
if ! command -v rclone >/dev/null; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends rclone >/dev/null
fi
