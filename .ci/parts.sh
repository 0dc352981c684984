# What .ci/run and .ci/long share: the machine's packages, the parts of a run, and its last line. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI=true
# What the tests may otherwise skip must run here.
export TOKENKIT_REQUIRE_ARGON2=1 TOKENKIT_REQUIRE_CURL=1 TOKENKIT_REQUIRE_POSTGRESQL=1 TOKENKIT_REQUIRE_PYTHON=1 TOKENKIT_REQUIRE_NODE=1
# A test may be skipped if its reason names one of these: there is no SQL Server here, and `.ci/long streams` runs the load test.
may_skip='TOKENKIT_TEST_SQLSERVER|TOKENKIT_STREAM_LOAD'

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
broken=()

# Installs the Debian packages that tests and checks need.
install_packages() {
    local package as_root=() missing=() packages=(
        libargon2-1 # the oracle of the hashing tests
        curl jq # run the lines that the sample host prints
        python3-requests # runs sample programs of the published documents
        postgresql # a private server for the tests of the SQL store
        unzip # opens the packages
        gcc libc6-dev zlib1g-dev # link what is compiled ahead of time
    )
    # Runs the other sample programs. Some machines have a newer one that is no Debian package.
    command -v node >/dev/null || packages+=(nodejs)
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Runs a function as a part. One that fails does not stop the others.
part() {
    local started=$SECONDS status
    echo "=== $1"
    set +e
    (set -e; "$1")
    status=$?
    set -e
    echo "=== $1: exit code $status after $((SECONDS - started)) s"
    ((status == 0)) || broken+=("$1")
}

# Runs built tests, and keeps the results for the last line. The arguments go to `dotnet test`.
run_tests() { dotnet test "$@" --no-build --logger trx --results-directory "$results"; }

# Sums a counter over all projects. Without results the sum is 0.
total() {
    find "$results" -name '*.trx' -exec cat {} + | awk -v start=" $1=\"" '
        /<Counters / && match($0, start "[0-9]+") { n += substr($0, RSTART + length(start), RLENGTH - length(start)) }
        END { print n + 0 }'
}

# The number of skipped tests whose reason is a good one.
allowed() {
    find "$results" -name '*.trx' -exec cat {} + | awk -v reasons="$may_skip" '
        /<UnitTestResult / { skipped = /outcome="NotExecuted"/ }
        skipped && /<Message>/ && $0 ~ reasons { n++ }
        END { print n + 0 }'
}

# Prints the last line and ends the run.
finish() {
    local passed failed skipped
    passed=$(total passed) failed=$(total failed) skipped=$(($(total total) - $(total executed)))
    ((passed)) || broken+=('no test was run')
    ((skipped == $(allowed))) || broken+=("$((skipped - $(allowed))) tests that must run were skipped")
    if ((${#broken[@]})); then
        printf 'Failed: %s\n' "${broken[@]}" >&2
        # What fails outside a test counts as well.
        ((failed)) || failed=${#broken[@]}
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0))
    exit
}
