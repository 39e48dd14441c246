#!/usr/bin/env bash
# Holds the simulator against a real API server's recorded answers: compare.sh PATH-OF-COMPARE.
# A difference is only allowed when it is listed below with its reason.
set -euo pipefail
cd "$(dirname "$0")/../.."
compare=$1
folder=$(mktemp -d)
trap 'kill "$simulator" 2>/dev/null || true; rm -rf "$folder"' EXIT

node bin/ciliscope.js simulate --scenario empty --write-kubeconfig "$folder/kubeconfig" >"$folder/first-line" &
simulator=$!
for _ in $(seq 300); do
  [ -s "$folder/first-line" ] && break
  kill -0 "$simulator" 2>/dev/null || { echo "the simulator ended before it listened"; exit 1; }
  sleep 0.1
done

field() { node -e '
  const { parse } = require("yaml");
  const config = parse(require("fs").readFileSync(process.argv[1], "utf8"));
  if (process.argv[2] === "server") console.log(config.clusters[0].cluster.server);
  else {
    const { user } = config.contexts.find((c) => c.name === process.argv[2]).context;
    console.log(config.users.find((u) => u.name === user).user.token);
  }' "$folder/kubeconfig" "$1"; }

# name of the exchange → why we differ on purpose. Empty: we differ nowhere.
allowed=()

"$compare" --url "$(field server)" --admin="$(field admin)" --reader="$(field reader)" | tee "$folder/report" || true
status=0
while read -r name; do
  for known in ${allowed[@]+"${allowed[@]}"}; do [ "$name" = "$known" ] && continue 2; done
  echo "differs and is not on the list: $name"
  status=1
done < <(sed -nE 's#^([a-z]+/[a-z0-9-]+)  .*#\1#p' "$folder/report")
tail -n 1 "$folder/report" | grep -qE '^[0-9]+ passed' || status=1
exit $status
