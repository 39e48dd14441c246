#!/usr/bin/env bash
# Replays the shared cases with known verdicts against the built program: corpus.sh PATH-OF-RUN-CORPUS.
set -euo pipefail
cd "$(dirname "$0")/../../.."
replay=$1
command='node bin/ciliscope.js policy verdict --jsonl'

"$replay" --cmd "$command" --jsonl --directions --why
"$replay" --cmd "$command" --jsonl --dialect generic
# The other two ways of asking take a process a case, so only some cases are asked in them.
"$replay" --cmd 'node bin/ciliscope.js policy verdict --batch -' --directions --why --group cilium-edge
"$replay" --cmd 'node bin/ciliscope.js policy verdict --state {state} --from {from} --to {to} --port {port} --protocol {protocol} --json' \
  --single --directions --why --case world
