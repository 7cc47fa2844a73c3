#!/bin/sh
# Builds static/vendor from the two npm packages. For maintainers; the built
# files are committed, so an install needs neither npm nor sass.
#
#   sh static/vendor/build.sh            fetches the pinned packages with npm
#   sh static/vendor/build.sh DIR        uses DIR/node_modules as it is
#
# Afterwards: compare the sha256 lines with VENDOR.md and commit both together.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
made=

if [ $# -gt 0 ]; then
  from=$1
else
  made=$(mktemp -d)
  trap 'rm -rf "$made"' EXIT
  from=$made
  npm install --prefix "$from" --no-save --no-audit --no-fund \
    govuk-frontend@6.6.0 htmx.org@4.0.1 sass@1.108.2
fi

modules=$from/node_modules
node "$modules/sass/sass.js" --style=compressed --no-source-map --no-charset \
  --load-path="$modules/govuk-frontend/dist" --quiet-deps \
  "$here/govuk.scss" "$here/govuk-frontend.css"
cp "$modules/htmx.org/dist/htmx.min.js" "$here/htmx.min.js"
cp "$modules/htmx.org/LICENSE" "$here/LICENSE.htmx"

# The font and the crest belong to GOV.UK; a url() would be a second request.
if grep -E -i -o 'url\(|gds transport|@font-face|crest' "$here/govuk-frontend.css"; then
  echo "govuk-frontend.css holds what it must not hold (see above)." >&2
  exit 1
fi

cd "$here"
sha256sum govuk-frontend.css htmx.min.js
