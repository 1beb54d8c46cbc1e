#!/bin/sh
# Make sure that the tests can start a broker: an address that is given, a container engine, or Java.
set -eu
cd "$(dirname "$0")/../.."

[ -z "${SLUICEGATE_TEST_KAFKA:-}" ] || exit 0
docker info >/dev/null 2>&1 && exit 0

missing=""
version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' || true)
[ "${version:-0}" -ge 17 ] || missing="default-jre-headless"
ls .kafka/libs-*/kafka-clients-*.jar >/dev/null 2>&1 || command -v mvn >/dev/null || missing="$missing maven"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "A broker for the tests needs Docker, or Java 17 and Maven (missing: $missing)," >&2
  echo "or the address of a broker in SLUICEGATE_TEST_KAFKA." >&2
  exit 1
fi
echo "installing $missing for the test broker; this happens once"
apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
