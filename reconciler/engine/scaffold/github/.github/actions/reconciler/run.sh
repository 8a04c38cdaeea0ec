# Defines `run COMMAND...`, which gives the exit code of the command, also when the job is cancelled meanwhile.
#
# To cancel a job, a CI service signals the shell of the step and nothing that the shell has started; a few seconds later it
# kills all of it. The shell has to pass the signal on, so that the command finishes the write that it is at and ends its
# journal, and to wait until it has. GitHub sends INT, TERM after 7.5 seconds, and KILL after 2.5 more.
#
# The signal that is passed on is TERM: a command that a script starts in the background ignores INT.
cancelled="" child=""
trap 'cancelled=yes signalled=yes; [ -z "$child" ] || kill -s TERM "$child" 2>/dev/null || :' INT TERM

run() {
  [ -z "$cancelled" ] || return 130
  signalled=""
  "$@" &
  child=$!
  [ -z "$cancelled" ] || kill -s TERM "$child" 2>/dev/null || : # cancelled before the line above
  wait "$child" && code=0 || code=$?
  # A signal ends `wait` early, and the exit code is the signal's: wait again.
  while [ -n "$signalled" ]; do
    signalled=""
    wait "$child" && again=0 || again=$?
    [ "$again" = 127 ] || code=$again # 127: the command had ended the first time, with `code`
  done
  child=""
  return "$code"
}
