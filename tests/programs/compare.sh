#!/bin/bash
# compare.sh - runs the guests on cerium and on the Python model over another CPU emulator (tools/minihost.py),
# and compares what they print, but for times, and how they end.
#   compare.sh [CERIUM]        the command (target/release/cerium)
# Needs Python's package unicorn.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cerium=${1:-$here/../../target/release/cerium}
plain() { tr -d '\r' | sed -E 's/[0-9]+ ms/TIME/g'; }
compared=0
differing=0
for folder in armv4 armv4i x86; do
    # cpu twice over is the whole-program comparison of the engines; the others check the model as well.
    for guest in hello hello_byname entry two_process_mutex make_my_mutex pingpong prodcons msgqueue cpu trapend spin_starve; do
        file=$here/bin/$folder/$guest.exe
        status=0
        ours=$("$cerium" run "$file" 2>/dev/null | plain) || status=$?
        other_status=0
        theirs=$(cd "$here" && tools/minihost.py "bin/$folder/$guest.exe" 2>/dev/null | plain) || other_status=$?
        # The model names its folder otherwise.
        theirs=${theirs//\\guest\\/\\Program\\}
        compared=$((compared + 1))
        if [ "$ours" != "$theirs" ] || [ $status != $other_status ]; then
            echo "$folder/$guest differs (status $status, there $other_status):"
            diff <(echo "$ours") <(echo "$theirs") || true
            differing=$((differing + 1))
        fi
    done
done
echo "$compared programs compared, $differing differ"
[ $differing -eq 0 ]
