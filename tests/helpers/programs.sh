#!/bin/sh
# The system's programs that some tests run are installed where that may be done, else named; what is missing fails nothing here.
missing=""
need() {
    package=$1
    shift
    for program in "$@"; do
        command -v "$program" >/dev/null && return
    done
    missing="$missing $package"
}
install() {
    apt-get install -y -qq --no-install-recommends -o Acquire::http::Timeout=20 "$1" >/dev/null 2>&1 </dev/null
}
need chromium chromium chromium-browser google-chrome
need "libreoffice-writer-nogui libreoffice-calc-nogui" soffice
need poppler-utils pdftotext
need postgresql initdb /usr/lib/postgresql/*/bin/initdb # Debian has it in no PATH
need default-jre-headless java
if [ "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what some tests run:$missing."
    export DEBIAN_FRONTEND=noninteractive
    wanted=$missing missing="" updated=""
    for package in $wanted; do
        install "$package" && continue
        [ "$updated" ] || apt-get update -qq -o Acquire::http::Timeout=20 >/dev/null 2>&1
        updated=yes
        install "$package" || missing="$missing $package"
    done
fi
[ -z "$missing" ] || echo "Some tests will be skipped. For them, on Debian: apt-get install --no-install-recommends$missing"
