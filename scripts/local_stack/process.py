"""One server process: started in a session of its own, remembered across commands, and ended by exactly its identity."""

import os
import select
import signal
import subprocess
import time
from pathlib import Path


class StackError(Exception):
    """What went wrong and what to do about it, for a person."""


class ServerProcess:
    """A process whose identity (pid, start time, boot) lives in a pid file; a recycled pid is never taken for it."""

    def __init__(self, name: str, pid_file: Path, log: Path):
        self.name = name
        self.pid_file = pid_file
        self.log = log

    def pid(self) -> int | None:
        """The pid while the process that was started is alive, else None."""
        try:
            pid, identity = self.pid_file.read_text().split(maxsplit=1)
        except (FileNotFoundError, ValueError):
            return None
        return int(pid) if _identity(int(pid)) == identity.strip() else None

    def spawn(self, command: list[str], environment: dict[str, str], directory: Path) -> None:
        """Starts the process, detached from the terminal, its output appended to the log."""
        with open(self.log, "ab") as output:
            child = subprocess.Popen(
                command, env=environment, cwd=directory, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        text = f"{child.pid} {_identity(child.pid)}\n"
        temporary = self.pid_file.with_suffix(".new")
        temporary.write_text(text)
        temporary.replace(self.pid_file)
        child.returncode = 0  # It outlives this script; without this, Popen would warn about that.

    def terminate(self) -> None:
        """Asks the process to end, if it is alive; `await_end` sees to it."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the process with SIGKILL."""
        self._signal(signal.SIGKILL)
        if not self._has_ended_within(10):
            raise StackError(f"{self.name} (pid {self.pid()}) survives SIGKILL")

    def await_end(self, seconds: float) -> None:
        """Waits for the end of the process; one that is still alive after that time is killed."""
        if not self._has_ended_within(seconds):
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        with _Handle(self) as handle:
            if handle.fd is not None:
                signal.pidfd_send_signal(handle.fd, number)

    def _has_ended_within(self, seconds: float) -> bool:
        with _Handle(self) as handle:
            ended = handle.fd is None or bool(select.select([handle.fd], [], [], seconds)[0])
        if ended:
            self.pid_file.unlink(missing_ok=True)
        return ended

    def await_ready(self, is_ready, seconds: float) -> None:
        """Polls `is_ready` until it is true; an error with the end of the log if the process dies or is too slow."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if self.pid() is None:
                raise StackError(f"{self.name} ended while starting.\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} is not ready after {seconds:.0f} s.\n{self.log_tail()}")
            time.sleep(0.02)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the log, each cut to 300 characters, under a line that names the file."""
        try:
            text = self.log.read_text(errors="replace").splitlines()[-lines:]
        except FileNotFoundError:
            text = []
        return "\n".join([f"The end of {self.log}:"] + ["  " + line[:300] for line in text])


class _Handle:
    """A pidfd of the process, or None if it is not alive: whatever is done through it cannot hit a recycled pid."""

    def __init__(self, process: ServerProcess):
        self.fd = None
        pid = process.pid()
        if pid is None:
            return
        try:
            self.fd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        if process.pid() != pid:  # It ended, and the pid was recycled, before pidfd_open.
            self.__exit__()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


def _identity(pid: int) -> str | None:
    """What tells this process from a later one with the same pid: start time in ticks, and the boot. None if it is dead."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = status.rpartition(")")[2].split()  # The name before it may hold anything.
    state, start_time = fields[0], fields[19]
    if state in "ZX":
        return None
    return f"{start_time} {Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
