"""The start of a command."""

import signal
import subprocess
import sys

PROGRAM = """
import atexit, gc, sys, types

from core.start import start

# Functions called at exit run in reverse order: this one comes last.
atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count() > 1000))
sys.modules["fake"] = types.SimpleNamespace(main=lambda prog_name: print(prog_name))
start("fake", "python -m fake")
"""


def test_a_command_collects_cycles_rarely_and_not_at_its_end():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == "python -m fake\n10000 True\n"


INTERRUPTED = """
import os, signal, sys

from core.start import start

class Interrupt:
    def find_spec(self, name, *_):
        if name == "interrupted":
            os.kill(os.getpid(), signal.SIGINT)

# As in a terminal: a process in the background ignores Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
start("interrupted", "python -m interrupted")
"""


def test_ctrl_c_while_a_command_is_imported_shows_no_traceback():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
