"""The folder of one stack, and what it remembers from one start to the next: ports, node name, what was initialised."""

import fcntl
import json
import os
import random
import socket
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".local"


class Instance:
    """One stack in `HERALD_STACK_DIR`, or in the folder of `.local` that is named."""

    def __init__(self, name: str = "stack"):
        self.directory = Path(os.environ.get("HERALD_STACK_DIR") or TOOLS / name).resolve()
        self._file = self.directory / "state.json"
        self._state = self._load()

    @contextmanager
    def locked(self):
        """Holds the stack against other commands on it; they wait."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self.directory / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._state = self._load()
            yield

    def __getitem__(self, key: str):
        return self._state.get(key)

    def __setitem__(self, key: str, value) -> None:
        self._state[key] = value
        temporary = self._file.with_suffix(".new")
        temporary.write_text(json.dumps(self._state, indent=2) + "\n")
        temporary.replace(self._file)

    def claim_ports(self, names: list[str]) -> None:
        """Sees that each name has a loopback port that is free now: the remembered one if it is, else a new one."""
        ports = dict(self["ports"] or {})
        for name in names:
            if name not in ports or not _is_free(ports[name]):
                taken = set(ports.values())
                # Below the kernel's ephemeral range, so that no outgoing connection takes it between two starts.
                ports[name] = next(
                    port for port in iter(lambda: random.randrange(20000, 32000), None)
                    if port not in taken and _is_free(port))
        self["ports"] = ports

    def port(self, name: str) -> int | None:
        """The remembered port; None before the first start."""
        return (self["ports"] or {}).get(name)

    def _load(self) -> dict:
        try:
            state = json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            state = {}
        if state.get("directory") != str(self.directory):
            # A copy of another clone: its processes and ports belong to the original.
            for pid_file in self.directory.glob("*.pid"):
                pid_file.unlink()
            kept = ("node", "cookie", "joined", "initialised")
            state = {key: state[key] for key in kept if key in state} | {"directory": str(self.directory)}
        return state


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
