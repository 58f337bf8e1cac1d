#!/bin/bash
# Prints the folder of a Python virtual environment with Pulumi's SDK, for tests of components from Python; makes it
# where there is none, in the cache of the user.
set -euo pipefail
version=3.248.0
folder="${XDG_CACHE_HOME:-$HOME/.cache}/ringfence/python-pulumi-$version"
if [ ! -x "$folder/bin/python" ] || ! "$folder/bin/python" -c 'import pulumi.automation' 2>/dev/null; then
  rm -rf "$folder"
  python3 -m venv "$folder" >&2
  "$folder/bin/pip" install --quiet --disable-pip-version-check "pulumi==$version" >&2
fi
echo "$folder"
