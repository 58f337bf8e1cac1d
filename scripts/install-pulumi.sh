#!/usr/bin/env bash
# Prints the folder of a `pulumi`: the one on PATH, else one that is built from Pulumi's Go modules once and kept.
# News goes to stderr.
set -euo pipefail
version=3.258.0
if found=$(command -v pulumi); then
  dirname "$found"
  exit 0
fi
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ringfence/pulumi-v$version
if [ -x "$folder/pulumi" ]; then
  echo "$folder"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "There is no pulumi on PATH, and no Go to build it with." >&2
  echo "Try: install the Pulumi CLI v$version (https://www.pulumi.com/docs/install/), or Go 1.25 or newer." >&2
  exit 1
fi
echo "Building pulumi v$version from its Go modules; this takes some ten minutes of CPU time, once …" >&2
mkdir -p "$folder"
unfinished=$(mktemp -d "$folder/build.XXXXXX")
cd "$(dirname "$0")/pulumi-cli"
sdk=github.com/pulumi/pulumi/sdk/v3
go build -ldflags "-s -w -X $sdk/go/common/version.Version=v$version" -o "$unfinished/pulumi" \
  github.com/pulumi/pulumi/pkg/v3/cmd/pulumi &
build=$!
trap 'kill "$build" 2>/dev/null || true; rm -rf "$unfinished"' EXIT
minutes=0
while kill -0 "$build" 2>/dev/null; do
  for _ in {1..60}; do
    sleep 1
    kill -0 "$build" 2>/dev/null || break
  done
  minutes=$((minutes + 1))
  if kill -0 "$build" 2>/dev/null; then echo "… $minutes min" >&2; fi
done
wait "$build"
# Another build may have finished first; theirs is as good.
mv -f "$unfinished/pulumi" "$folder/pulumi"
echo "$folder"
