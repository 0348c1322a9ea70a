#!/bin/sh
# Example: apprise -b hi xmpps://alice:p@ss@example.com/bob
set -eu
URL='xmpps://alice:p%40ss@example.com/bob'
apprise -b "it's on" "xmpps://alice:${PW:-x@y}@example.com/bob?name=sh" || exit 1
apprise -b up 'xmpps://alice:secret@example.com/bob?mode=tls&verify=yes'
apprise -b up xmpps://alice:$(cat /run/secrets/pw)@example.com/bob &
sh -c 'apprise -b x "xmpps://alice:p%40ss@example.com/carol"'
curl -d '{"urls":"xmpps://alice:p%40ss@example.com/bob","body":"x"}' http://localhost:8000/notify
curl -d "{\"urls\":\"xmpps://alice:p%40ss@example.com/$WHO\"}" http://localhost:8000/notify
cat <<END
to: xmpps://alice:p%40ss@example.com/bob
END
