"""`python -m` for tests, as forks of a process that has imported the libraries.

A weekly run imports dbt, MLflow and scikit-learn, which is more work than its steps have
with a few rows. A fork runs its module as a new interpreter would: with its own arguments,
environment, folder and files, and the project's own code imported anew. Where a process
cannot adopt the fork of another (macOS), it is a new interpreter.
"""

import ctypes
import functools
import gc
import importlib
import inspect
import multiprocessing.util
import os
import pickle
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "adbc_driver_postgresql.dbapi",
    "dbt.adapters.postgres.impl",
    "dbt.cli.main",
    "git",
    "imblearn.over_sampling",
    "jinja2",
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "mlflow.pyfunc.loaders",
    "mlflow.sklearn",
    "mlflow.store.model_registry.sqlalchemy_store",
    "mlflow.store.tracking.sqlalchemy_store",
    "pandas",
    "psutil",
    "psycopg2.extras",
    "pyarrow.dataset",
    "scipy.sparse",
    "skops.io",
)
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
MOST_FILES = 1 << 16


def start_module(arguments: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    """Start `python -m`.

    Args:
        arguments: the module and its arguments.
        options: of subprocess.Popen.
    """
    options = {"cwd": PROJECT_ROOT, **options}
    if sys.platform == "linux":
        return _Fork(arguments, **options)
    return subprocess.Popen([sys.executable, "-m", *arguments], **options)


def run_module(
    arguments: Sequence[str], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `python -m` to its end, with what it prints as text."""
    with start_module(
        arguments,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=240)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


class _Fork(subprocess.Popen[Any]):
    """A child that the server has forked; all that follows is as in any Popen."""

    def _execute_child(self, *arguments: Any) -> None:
        start = super()._execute_child
        given = inspect.signature(start).bind(*arguments).arguments
        names = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        pipes = [given[name] for name in names]
        own = (given["p2cread"], given["c2pwrite"], given["errwrite"])
        files = [number if file == -1 else file for number, file in enumerate(own)]
        request = (
            list(given["args"]),
            str(given["cwd"]),
            given["env"],
            given["start_new_session"],
        )
        server = _start_server()
        _adopt_orphans(True)
        try:
            socket.send_fds(server, [pickle.dumps(request)], files)
            self.pid = int(server.recv(64))
        finally:
            _adopt_orphans(False)
        self._child_created = True
        self._close_pipe_fds(*pipes)


def _adopt_orphans(adopt: bool) -> None:
    """Let a grandchild whose parent ends become a child of this process, not of init."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


@functools.cache
def _start_server() -> socket.socket:
    """Start the process that is forked; it ends with this one."""
    import quick_dbt  # which imports the project: a fork does that anew

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [
                sys.executable,
                __file__,
                str(theirs.fileno()),
                str(quick_dbt.shared_parse()),
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    return ours


def _serve(
    connection: socket.socket, parse: Path
) -> tuple[list[str], str, dict[str, str], bool]:
    """Fork for each request; return the request in each fork."""
    for name in LIBRARIES:
        importlib.import_module(name)
    _use_once(parse)
    gc.freeze()
    while True:
        message, files, _, _ = socket.recv_fds(connection, 1 << 20, 3)
        if not message:
            os._exit(0)
        read, write = os.pipe()
        middle = os.fork()
        if not middle:
            child = os.fork()
            if child:
                os.write(write, str(child).encode())
                os._exit(0)
            for number, file in enumerate(files):
                os.dup2(file, number)
            os.closerange(3, MOST_FILES)
            return pickle.loads(message)
        # The fork is adopted when its parent has ended.
        os.waitpid(middle, 0)
        connection.send(os.read(read, 64))
        for file in (*files, read, write):
            os.close(file)


def _use_once(parse: Path) -> None:
    """Let the libraries generate the code that they generate when they are used first.

    None of them may keep a file open: a fork closes all files.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    if parse.exists():
        manifest = Manifest.from_msgpack(
            parse.read_bytes(), decoder=extended_mashumuro_decoder
        )
        manifest.build_flat_graph()
        # Its lock, and the process that would remove it, each with an open file.
        del manifest
        gc.collect()
        resource_tracker._resource_tracker._stop()


def _run(
    arguments: list[str], folder: str, environment: dict[str, str], new_session: bool
) -> None:
    """Run a module as a new interpreter would."""
    if new_session:
        os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0] = folder
    sys.argv = arguments
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)
    multiprocessing.util.spawnv_passfds = _fork_passfds
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


_spawnv_passfds = multiprocessing.util.spawnv_passfds


def _fork_passfds(path: bytes, arguments: list[Any], files: Sequence[int]) -> int:
    """Fork where multiprocessing would start an interpreter."""
    if "--multiprocessing-fork" not in arguments:
        return _spawnv_passfds(path, arguments, files)
    child = os.fork()
    if not child:
        status = 1
        try:
            _forget_parent(files)
            sys.argv = ["-c", "--multiprocessing-fork"]
            exec(arguments[arguments.index("-c") + 1], {"__name__": "__main__"})
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            # Not through the frames of the parent.
            sys.stdout.flush()
            os._exit(status)
    return child


def _forget_parent(files: Sequence[int]) -> None:
    """Close its files, reset its signal handlers and remove the project's modules."""
    first = 3
    for file in sorted(files):
        os.closerange(first, file)
        first = file + 1
    os.closerange(first, MOST_FILES)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    own = {path.parent.name for path in PROJECT_ROOT.glob("*/__init__.py")}
    for name in list(sys.modules):
        if name.partition(".")[0] in own:
            del sys.modules[name]


if __name__ == "__main__":
    _run(*_serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
