# Talking to the user: steps with times, failures in three parts, the log, and cleaning up.
# Read by install.sh and scripts/build_wheel.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

say() { printf '%s\n' "$*"; }

# fail WHAT WHY REMEDY: the end of the installation.
fail() {
    printf '\ndeja: %s: %s\n' "$1" "$2" >&2
    printf '      %s\n' "$3" >&2
    [ -z "${log-}" ] || [ ! -s "$log" ] || printf '      the whole story: %s\n' "$log" >&2
    exit 1
}

# What an interrupt or a failure must not leave behind: a running child, the scratch folder, and
# what was to take another's place.
clean_up() {
    if [ -n "${child-}" ]; then
        kill -TERM -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    [ -z "${scratch-}" ] || rm -rf "$scratch"
    [ -z "${runtime-}" ] || [ -e "$runtime/complete" ] || rm -rf "$runtime"
    [ -z "${lock-}" ] || rm -rf "$app.new"
    [ -z "${lock-}" ] || rm -rf "$lock"
}

interrupted() {
    printf '\ndeja: interrupted; the temporary files are gone. Run it again to go on.\n' >&2
    exit 130
}

# step TITLE COMMAND…: run it with its output in the log, and show how long it took. The command
# is a job of its own, so that an interrupt ends it with all that it started.
step() {
    local title=$1 began=$SECONDS status=0
    shift
    printf '  %-62s' "$title"
    printf '\n== %s\n' "$title" 2>/dev/null >>"$log" || true
    set -m
    "$@" </dev/null >>"$log" 2>&1 &
    child=$!
    set +m
    wait "$child" || status=$?
    child=
    if [ "$status" -eq 0 ]; then
        printf '%4d s\n' $((SECONDS - began))
    else
        printf 'failed\n'
    fi
    return "$status"
}

# The last line of the log that says something. On a full disk nobody could write there.
last_words() {
    if ! printf '\n' 2>/dev/null >>"$log"; then
        say "No space left on device"
        return
    fi
    grep -v '^[[:space:]]*$' "$log" | tail -n 1 | cut -c 1-300
}
