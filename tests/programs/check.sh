#!/bin/bash
# check.sh - builds the guests anew and compares them with those in bin/.
# Leaves with 0 if all are the same, 1 if not, 77 if it could not be tried:
# only clang and lld 14 give the same bytes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

for sums in SHA256SUMS SHA256SUMS.pascal; do
    (cd "$here/bin" && sha256sum --quiet -c $sums) || { echo "bin/ is not what bin/$sums says"; exit 1; }
done

skip() { echo "skipped: compilers not present ($1)"; exit 77; }

tool() {                            # tool NAME: its name here, if it is of version 14
    local n
    for n in "$1-14" "$1"; do
        if command -v "$n" >/dev/null && "$n" --version 2>/dev/null | grep -qE '(version|LLD) 14\.'; then
            echo "$n"
            return
        fi
    done
    return 1
}
CLANG=$(tool clang) || skip "clang 14"
LLD_LINK=$(tool lld-link) || skip "lld-link 14"
LD_LLD=$(tool ld.lld) || skip "ld.lld 14"
# llvm-dlltool does not tell its version; the one beside clang 14 carries its number.
DLLTOOL=$(command -v llvm-dlltool-14 || command -v llvm-dlltool) || skip "llvm-dlltool"
RC=$(command -v llvm-rc-14 || command -v llvm-rc) || skip "llvm-rc"
command -v python3 >/dev/null || skip "python3"
export CLANG LLD_LINK LD_LLD DLLTOOL RC

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$here/build.sh" "$out" >/dev/null
if ! diff "$here/bin/SHA256SUMS" "$out/SHA256SUMS"; then
    echo "bin/ is not what build.sh makes of the sources"
    exit 1
fi
echo "$(wc -l < "$out/SHA256SUMS") programs are the same"
if ! command -v ppcx64-3.2.2 >/dev/null || [ ! -d "${FPCSRC:-/usr/share/fpcsrc/3.2.2}/compiler" ]; then
    echo "the Pascal programs were not built anew: Free Pascal 3.2.2 and its sources are not present"
    exit 0
fi
"$here/fpc/build-fpc.sh" "$out/work" "$out" >/dev/null 2>&1
if ! diff "$here/bin/SHA256SUMS.pascal" "$out/SHA256SUMS.pascal"; then
    echo "bin/ is not what fpc/build-fpc.sh makes of the sources"
    exit 1
fi
echo "$(wc -l < "$out/SHA256SUMS.pascal") Pascal programs are the same"
