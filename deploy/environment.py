"""Create, update or repair a virtual environment from a lock; make runs it.

    python3 deploy/environment.py .venv .ready requirements.lock [--project]

Standard library only, and any Python 3 can run it: an unsupported one is replaced by a
supported one that is installed, or reported before anything is downloaded.

A virtual environment contains its own path, so it is created in place. `.ready` is
removed before the first change and written after the last: an environment without it
was never finished and is created again.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
READY = ".ready"
LOCK = ".setup.lock"
UV_LOCK = "requirements-uv.lock"
UV = ".venv/bin/uv"
# The locks have wheels for these; other platforms would need a compiler and an hour.
PLATFORMS = {"Linux": ("x86_64", "aarch64"), "Darwin": ("x86_64", "arm64")}
LONGEST_WAIT = 1800
SIZE = "1.1 GB"


class SetupError(Exception):
    """One sentence for the user."""


class UntrustedError(SetupError):
    """The certificate of a server is not among those that the command trusts."""


def main(arguments: list) -> None:
    """Bring VENV to the state of LOCK, then touch MARK in it."""
    project = "--project" in arguments
    venv, mark, lock = (a for a in arguments if a != "--project")
    use_supported_python()
    refuse_unsupported_platform()
    folder = Path(venv)
    with only_one_at_a_time():
        if not is_current(folder / mark, [Path(lock), Path("pyproject.toml")]):
            install(folder, mark, lock, project=project)


def use_supported_python() -> None:
    """Restart in a Python that the locked packages support.

    Raises:
        SetupError: none is installed.
    """
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other is not None and starts(other, "pass"):
            print(f"Python {platform.python_version()} is not supported: using {other}")
            sys.stdout.flush()
            os.execv(other, [other, *sys.argv])
    raise SetupError(
        f"Python {platform.python_version()} ({sys.executable}) is not supported, and"
        f" no other was found. Install one from {dotted(OLDEST)} to {dotted(NEWEST)};"
        " if it is not on the PATH: make PYTHON=/path/to/python3."
    )


def dotted(version: tuple) -> str:
    """Return 3.11 for (3, 11)."""
    return ".".join(map(str, version))


def refuse_unsupported_platform() -> None:
    """Raise SetupError where the locked packages have no wheels."""
    system, machine = platform.system(), platform.machine()
    if machine not in PLATFORMS.get(system, ()):
        raise SetupError(
            f"There are no packages for {system} on {machine}: this project runs on"
            " Linux (x86_64, aarch64; on Windows inside WSL 2) and macOS (arm64, x86_64)."
        )


@contextmanager
def only_one_at_a_time():  # noqa: ANN201 - see the docstring
    """Hold the lock file of the set-up: two `make` may start at the same time.

    Raises:
        SetupError: it cannot be opened, or the other set-up does not end.
    """
    try:
        # Another account that can open it could hold it.
        descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SetupError(
            f"Cannot write {LOCK}: {error.strerror}. Run the set-up as the owner of this"
            " folder, or remove that file if it belongs to another account."
        ) from None
    try:
        if not locks(descriptor):
            print("Another set-up is running in this folder; waiting for it.")
            sys.stdout.flush()
            deadline = time.monotonic() + LONGEST_WAIT
            while not locks(descriptor):
                if time.monotonic() > deadline:
                    raise SetupError("The other set-up has not ended; try again later.")
                time.sleep(0.2)
        yield
    finally:
        os.close(descriptor)


def locks(descriptor: int) -> bool:
    """Return whether this process has the lock now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_current(mark: Path, sources: list) -> bool:
    """Return whether another set-up finished this while we waited for it."""
    if not (mark.exists() and runs(mark.parent)):
        return False
    written = mark.stat().st_mtime_ns
    return all(source.stat().st_mtime_ns <= written for source in sources)


def runs(venv: Path) -> bool:
    """Return whether the environment's Python starts and has its packages.

    It does not if the Python it was created with has been removed or replaced.
    """
    return starts(python_of(venv), "import pip")


def starts(python: str, code: str) -> bool:
    """Return whether a Python runs this code; pyenv's placeholders do not."""
    try:
        return subprocess.call([python, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def python_of(venv: Path) -> str:
    """Return the path of the environment's Python."""
    return str(venv / "bin" / "python")


def install(venv: Path, mark: str, lock: str, *, project: bool) -> None:
    """Install the lock, and this project if asked; create the environment first.

    Raises:
        SetupError: a step failed.
    """
    started = time.monotonic()
    is_complete = (venv / READY).exists() and runs(venv)
    if mark != READY and not is_complete:
        raise SetupError(
            f"{venv} is not complete: `make clean setup` creates it again."
        )
    if not is_complete:
        create(venv)
    for path in venv.glob(READY + "*"):
        path.unlink()
    python = python_of(venv)
    if project:
        say("uv, which installs the packages")
        call(python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", UV_LOCK)
    say(f"the packages of {lock}")
    # Python keeps the bytecode of what it imports, a third of all modules. Where it may
    # not, each start would take seconds longer.
    compiled = ["--compile-bytecode"] if sys.dont_write_bytecode else []
    options = (*compiled, "--no-deps", "--require-hashes", "-r", lock)
    install_with_uv(python, *options)
    if project:
        say("this project")
        editable = ("--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
        install_with_uv(python, *editable)
    for name in (READY, mark):
        (venv / name).touch()
    print(f"{venv} is ready after {time.monotonic() - started:.0f} s.")


def install_with_uv(python: str, *options: str) -> None:
    """Install packages with uv, from behind a proxy with a certificate of its own too.

    uv brings its own list of certificates; pip trusts those of this computer. What is
    downloaded is compared with the hashes of the lock either way.

    Raises:
        SetupError: it failed; it has printed why.
    """
    command = (UV, "pip", "install", "--python", python, *options)
    try:
        call(*command)
    except UntrustedError:
        say("the same, trusting the certificates of this computer")
        call(*command, "--system-certs")


def create(venv: Path) -> None:
    """Create the environment, in place of an unfinished one.

    Raises:
        SetupError: this Python cannot.
    """
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        version = dotted(sys.version_info[:2])
        raise SetupError(
            f"{sys.executable} cannot create virtual environments. On Debian and Ubuntu:"
            f" sudo apt install python{version}-venv"
        ) from None
    if venv.exists():
        print(f"{venv} is unfinished or broken; creating it again.")
        shutil.rmtree(str(venv))
    print(
        f"Setting up {venv} with Python {platform.python_version()}, once: {SIZE} on disk,"
        " about a minute, or longer if packages have to be downloaded."
    )
    say("a virtual environment")
    call(sys.executable, "-m", "venv", str(venv))


def say(step: str) -> None:
    """Print what is installed next."""
    print(f"  {step}")
    sys.stdout.flush()


def call(*command: str) -> None:
    """Run a command, and leave the list of all packages out of its output.

    Raises:
        UntrustedError: it failed, having met an unknown certificate.
        SetupError: it failed for another reason. Either way it has printed why.
    """
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, universal_newlines=True, errors="replace"
    )
    error = SetupError
    for line in process.stderr:
        if "invalid peer certificate" in line:
            error = UntrustedError
        if not line.startswith((" + ", " - ", " ~ ")):
            sys.stderr.write(f"    {line}")
            sys.stderr.flush()
    if process.wait() != 0:
        raise error(
            "Set-up stopped. Run the same command again once the cause above is gone."
        )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as error:
        sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
