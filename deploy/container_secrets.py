"""Generate the secrets that docker-compose.yml requires and .env lacks; make runs it.

    python3 deploy/container_secrets.py generate | check

Standard library only: it runs before anything is installed.
"""

import os
import re
import secrets
import sys
import tempfile
from pathlib import Path

ENV = Path(".env")
# A name, and the beginning of its value unless that is empty or a comment:
# https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation
ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*[=:][ \t]*"""
    r"""("(?:[^"\\]|\\.)+"|'[^']+'|[^\s"'#]|(?<=[=:])#)?""",
    re.MULTILINE,
)


def required() -> list:
    """Return the names that docker-compose.yml marks as required."""
    text = Path("docker-compose.yml").read_text()
    return sorted(set(re.findall(r"\$\{([A-Z_]+):\?", text)))


def missing() -> list:
    """Return the required names that neither the environment nor .env has a value for."""
    # The last line of a name counts.
    in_file = dict(ASSIGNMENT.findall(current()))
    known = {n for n, value in [*in_file.items(), *os.environ.items()] if value}
    return [name for name in required() if name not in known]


def current() -> str:
    """Return the text of .env, byte for byte."""
    if not ENV.exists():
        return ""
    return ENV.read_text(encoding="utf-8", errors="surrogateescape")


def generate() -> None:
    """Add what is missing to .env, and make it readable by its owner only."""
    names = missing()
    text = current()
    if text and not text.endswith("\n"):
        text += "\n"
    # 32 bytes in URL-safe base64 with its padding, as a Fernet key has to be.
    text += "".join(f"{name}={secrets.token_urlsafe(32)}=\n" for name in names)
    # Rewritten rather than appended to: programs that already have a .env of mode 0644
    # open, copied from .env.example, could read the secrets.
    descriptor, work = tempfile.mkstemp(dir=ENV.resolve().parent, prefix=".env.")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(work).replace(ENV.resolve())
    for name in names:
        print(f"Added {name} to .env.")


def check() -> None:
    """Exit with a sentence if something is missing."""
    names = missing()
    if names:
        sys.exit(
            f"Missing in .env: {' '.join(names)}. Set them there, or let `make secrets`"
            " generate them."
        )


if __name__ == "__main__":
    {"generate": generate, "check": check}[sys.argv[1]]()
