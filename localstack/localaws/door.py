"""What the scripts beside this folder run: the pinned environment, made at first use, and what starts in it.

Only the standard library is used here, since nothing is installed yet.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import programs
from .cache import alone, cache, say

HERE = Path(__file__).resolve().parent.parent
LOCK = HERE / "requirements.txt"
DEFAULT_REGION = "us-west-2"
UP_FACTOR = "60"
KUBERNETES, CONTROLLERS = "--kubernetes", "--controllers"


def environment() -> Path:
    """The python of the pinned environment, which is made first where it is missing."""
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]
    folder = cache() / f"venv-{digest}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    waiting = "first use: another process installs the packages, about half a minute"
    with alone(folder.with_suffix(".lock"), waiting):
        if not python.exists():
            _install(folder)
    return python


def _install(folder: Path) -> None:
    """Into a folder beside it, renamed when whole, so that nobody ever finds half of one."""
    packages = [line for line in LOCK.read_text().splitlines() if line and not line.startswith("#")]
    say(f"first use: installing {len(packages)} pinned Python packages into {folder}")
    started = time.monotonic()
    draft = folder.with_suffix(f".{os.getpid()}")
    try:
        subprocess.run([sys.executable, "-m", "venv", str(draft)], check=True, stdout=subprocess.DEVNULL)
        pip = [str(draft / "bin" / "python"), "-m", "pip", "install", "--no-deps", "--no-input"]
        _with_progress([*pip, "--disable-pip-version-check", "-r", str(LOCK)], len(packages))
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    say(f"installed in {time.monotonic() - started:.0f} s; the next start is quick")


def _with_progress(command: list[str], total: int) -> None:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines, fetched = [], 0
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Collecting"):
            fetched += 1
            if fetched % 5 == 0 or fetched == total:
                say(f"fetched {fetched} of {total} packages")
        elif line.startswith("Installing collected"):
            say("unpacking them")
    if process.wait():
        say("pip could not install the packages; its words:")
        sys.exit("".join(lines[-20:]))


def become(module: str, *arguments: str) -> None:
    """This very process goes on as the module, so that whoever started it knows and can stop it."""
    python = str(environment())
    os.environ["PYTHONPATH"] = str(HERE)
    sys.stdout.flush()
    os.execv(python, [python, "-m", module, *arguments])


def state_file() -> Path:
    """One background stack per clone."""
    return cache() / f"stack-{hashlib.sha256(str(HERE).encode()).hexdigest()[:16]}.json"


def fetch(url: str) -> str:
    """Straight to loopback, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        return answer.read().decode()


def running() -> dict | None:
    """The stack that `up` started from this clone, if it still answers."""
    try:
        state = json.loads(state_file().read_text())
        fetch(state["endpoint"] + "/_local/health")
        return state
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        return None


def _provide(arguments: list[str]) -> None:
    """The programs that the stack is started for."""
    if KUBERNETES in arguments or CONTROLLERS in arguments:
        programs.provide()
    if CONTROLLERS in arguments:
        programs.provide(programs.CONTROLLERS)


def up(arguments: list[str]) -> None:
    python = environment()
    _provide(arguments)
    cache().mkdir(parents=True, exist_ok=True)
    with open(state_file().with_suffix(".lock"), "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        state = running() or _start(python, arguments)
    exports = {
        "AWS_ENDPOINT_URL": state["endpoint"],
        "AWS_ACCESS_KEY_ID": "AKIA123456789012",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": DEFAULT_REGION,
    }
    for name, value in exports.items():
        print(f"export {name}={value}")


def _start(python: Path, arguments: list[str]) -> dict:
    """Detached: it holds on to none of the caller's streams, so that a pipe behind `up` ends."""
    log = state_file().with_suffix(".log")
    with open(log, "w") as words:
        process = subprocess.Popen(
            [str(python), "-m", "localaws.stack", "--factor", UP_FACTOR, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env={**os.environ, "PYTHONPATH": str(HERE)},
            start_new_session=True,
            cwd="/",
        )
    line = process.stdout.readline()
    if not line:
        sys.exit(f"local AWS: it did not start:\n{log.read_text()}")
    state = json.loads(line)
    state_file().write_text(json.dumps(state))
    say(f"runs at {state['endpoint']}; localstack/down stops it")
    return state


def down() -> None:
    state = running()
    if state:
        os.kill(state["pid"], signal.SIGTERM)
        deadline = time.monotonic() + 10
        while _alive(state["pid"]) and time.monotonic() < deadline:
            time.sleep(0.02)
        if _alive(state["pid"]):
            os.kill(state["pid"], signal.SIGKILL)
    for path in (state_file(), state_file().with_suffix(".lock"), state_file().with_suffix(".log")):
        path.unlink(missing_ok=True)
    say("stopped" if state else "none was running")


def _alive(pid: int) -> bool:
    """A zombie whose parent never asks is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def inventory(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="localstack/inventory")
    parser.add_argument("--endpoint", default=os.environ.get("AWS_ENDPOINT_URL"))
    parser.add_argument("--account", default="123456789012")
    options = parser.parse_args(arguments)
    endpoint = options.endpoint or (running() or {}).get("endpoint")
    if not endpoint:
        sys.exit(
            "local AWS: none is running from this clone; start one with localstack/up, or give --endpoint URL"
        )
    try:
        sys.stdout.write(fetch(f"{endpoint}/_local/inventory?account={options.account}"))
    except OSError as error:
        sys.exit(f"local AWS: no answer from {endpoint}: {error}")


def show_programs(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="localstack/programs")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"by default {' and '.join(programs.NEEDED)}")
    parser.add_argument("--found", action="store_true", help="build nothing; fail if something is missing")
    options = parser.parse_args(arguments)
    names = tuple(options.names) or programs.NEEDED
    if unknown := [name for name in names if name not in programs.SOURCES]:
        parser.error(f"unknown {', '.join(unknown)}; known are {', '.join(programs.SOURCES)}")
    try:
        print(programs.find(names) if options.found else programs.provide(names))
    except programs.Missing as error:
        sys.exit(f"local AWS: {error}")


def _build_beside(arguments: list[str]) -> None:
    """A run of all tests comes to Kubernetes last; until then its programs are built."""
    needed = (*programs.NEEDED, *programs.CONTROLLERS)
    if all(argument.startswith("-") for argument in arguments) and not programs.found(needed):
        command = [str(HERE / "programs"), *needed]
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def main() -> None:
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "serve":
        _provide(arguments)
        become("localaws.stack", *arguments)
    elif command == "gate":
        become("localaws.gate", *arguments)
    elif command == "up":
        up(arguments)
    elif command == "down":
        down()
    elif command == "inventory":
        inventory(arguments)
    elif command == "programs":
        show_programs(arguments)
    elif command == "test":
        _build_beside(arguments)
        named = any(Path(argument.split("::")[0]).exists() for argument in arguments)
        where = [] if named else [str(HERE / "tests")]
        become("pytest", "--no-header", "-p", "no:cacheprovider", *where, *arguments)


if __name__ == "__main__":
    main()
