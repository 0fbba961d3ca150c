"""The child process behind ``bot.exports.process``: makes one file and ends.

On stdin comes a pickled task and target. A line out is ``{"done", "total"}``, the last one ``{"made": true}`` or
``{"failed": …}``: the kind of error and where it was, nothing of what the person has written.
"""

import json
import os
import pickle
import sys
import traceback
from pathlib import Path

from bot.exports.making import make


def main() -> None:
    """Make what stdin says."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever a library prints goes to stderr; the answers keep the pipe for themselves.
    os.dup2(2, 1)

    def say(**answer: object) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        task, target = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
        make(task, target, lambda done, total: say(done=done, total=total))
    except Exception as error:  # noqa: BLE001 - the boundary: the parent tells the person
        last = traceback.extract_tb(error.__traceback__)[-1]
        say(failed=f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}")
    else:
        say(made=True)


if __name__ == "__main__":
    main()
