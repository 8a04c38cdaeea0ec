# Installs reconciler into a new virtual environment: sh install.sh FOLDER
#
# RECONCILER_SOURCE is what to install. It is empty until you set it: nobody publishes a package of this name, so what an
# index offers under it is somebody else's. RECONCILER_INDEX_URL is the address of your own index, if the source is a version.
set -eu
folder=$1

if [ -n "${GITHUB_ACTIONS:-}" ]; then
  place="the default of 'source' in .github/actions/setup-reconciler/action.yml" index="the default of 'index-url'"
else
  place="RECONCILER_SOURCE in .gitlab-ci.yml" index="RECONCILER_INDEX_URL"
fi
refuse() {
  echo "${GITHUB_ACTIONS:+::error title=reconciler was not installed::}$1 Set $place to git+https://HOST/YOU/YOUR-COPY@COMMIT (the whole commit hash), or to apigw-reconciler==VERSION and $index to the address of your own index." >&2
  exit 1
}
matches() { printf '%s\n' "$RECONCILER_SOURCE" | grep -Eq "$1"; }

[ -n "${RECONCILER_SOURCE:-}" ] || refuse "The recipe does not say yet where to install reconciler from."
if matches '^git\+'; then
  matches '@[0-9a-f]{40}(#.*)?$' || refuse "The source '$RECONCILER_SOURCE' does not name a commit."
elif matches '^https?:'; then
  matches '#sha256=[0-9a-f]{64}$' || refuse "The source '$RECONCILER_SOURCE' does not end with #sha256=HASH."
elif [ ! -e "$RECONCILER_SOURCE" ]; then # a file or folder of the checkout is as good as a commit
  matches '^[A-Za-z0-9._-]+==[^*@/]+$' || refuse "The source '$RECONCILER_SOURCE' is not an exact version."
  [ -n "${RECONCILER_INDEX_URL:-}" ] || refuse "The source '$RECONCILER_SOURCE' is a version, but its index is not set."
fi

python -m venv --without-pip "$folder"
pip() { python -m pip --python "$folder/bin/python" --quiet --disable-pip-version-check "$@"; }

# The packages that reconciler needs, each checked against its hash. Only wheels: a build would fetch packages of its own.
pip install --no-deps --only-binary :all: --require-hashes --requirement "$(dirname "$0")/requirements.txt"
if [ -n "${RECONCILER_INDEX_URL:-}" ]; then
  # From this index alone, whatever else pip is configured to search: anybody can publish the name elsewhere.
  unset PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_NO_INDEX
  export PIP_CONFIG_FILE=/dev/null
fi
# Reconciler, built with the packages that are installed now, and nothing else.
pip install --no-deps --no-build-isolation ${RECONCILER_INDEX_URL:+--index-url "$RECONCILER_INDEX_URL"} "$RECONCILER_SOURCE"
pip check || refuse "The packages in requirements.txt are not those that this version of reconciler needs."
