"""The private RabbitMQ node and its own epmd (Erlang's port mapper)."""

import os
import secrets
import shlex
import shutil
import socket
from pathlib import Path

from .instance import Instance
from .process import ServerProcess, StackError

BIN = Path("/usr/lib/rabbitmq/bin")  # Debian's /usr/sbin/rabbitmq-server insists on the system-wide user and folders.
PORTS = ["amqp", "rabbitmq-distribution", "epmd", "rabbitmq-management"]
PLUGINS = ["rabbitmq_consistent_hash_exchange", "rabbitmq_management", "rabbitmq_shovel"]

CONFIGURATION = """\
# Written by scripts/stack at every start.
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
disk_free_limit.absolute = 50MB
log.console = false
log.file = rabbitmq.log
log.file.level = info
log.file.rotation.size = 10485760
log.file.rotation.count = 2
"""

TLS_CONFIGURATION = """\
listeners.ssl.1 = 127.0.0.1:{port}
ssl_options.cacertfile = {folder}/ca.pem
ssl_options.certfile = {folder}/server.pem
ssl_options.keyfile = {folder}/server-key.pem
ssl_options.versions.1 = tlsv1.2
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = false
"""

# At-least-once dead-lettering takes 32 messages at a time unless told otherwise: too few above some 1000 a second.
ADVANCED_CONFIGURATION = "[{rabbit, [{dead_letter_worker_consumer_prefetch, 512}]}].\n"

# The node's name ends in @localhost; what the machine makes of that name, or of its own, does not matter.
NAME_RESOLUTION = '{lookup, [file, native]}.\n{host, {127, 0, 0, 1}, ["localhost"]}.\n'


class RabbitMQ:
    """One broker of one stack. `launch` starts it where it does not run; it is up once `is_ready`."""

    name = "rabbitmq"
    url_variable = "RABBITMQ_URL"

    def __init__(self, instance: Instance, certificates: Path | None = None):
        """`certificates`: folder with ca.pem, server.pem, server-key.pem; the broker then listens with TLS too."""
        self.instance = instance
        self.certificates = certificates
        self.directory = instance.directory / "rabbitmq"
        self.process = ServerProcess("RabbitMQ", instance.directory / "rabbitmq.pid", self.directory / "log" / "startup.log")
        self.epmd = ServerProcess("epmd", instance.directory / "epmd.pid", self.directory / "log" / "epmd.log")
        self.control = instance.directory / "rabbitmqctl"

    @property
    def url(self) -> str | None:
        if self.certificates is not None:
            port = self.instance.port("amqps")
            # By name: what librabbitmq compares with the certificate are names only.
            return f"amqps://guest:guest@localhost:{port}/%2F?cacertfile={self.certificates}/ca.pem" if port else None
        port = self.instance.port("amqp")
        return f"amqp://guest:guest@127.0.0.1:{port}/%2F" if port else None

    @property
    def management_url(self) -> str | None:
        """Of the management plugin's HTTP interface; None before the first start that had one."""
        port = self.instance.port("rabbitmq-management")
        return f"http://guest:guest@127.0.0.1:{port}" if port else None

    def launch(self) -> None:
        if self.process.pid() is not None:
            if self.epmd.pid() is None:
                self._launch_epmd()
            return
        if not (BIN / "rabbitmq-server").exists():
            raise StackError("RabbitMQ is not installed. Run scripts/setup, or set RABBITMQ_URL to a server of yours.")
        self._end_epmd()
        self.instance.claim_ports(PORTS + (["amqps"] if self.certificates is not None else []))
        self.instance["node"] = self.instance["node"] or f"herald-{secrets.token_hex(4)}@localhost"
        self._write_files()
        self._launch_epmd()
        self.process.spawn([str(BIN / "rabbitmq-server")], self._environment(), self.directory)

    def is_ready(self) -> bool:
        """True once the node answers the first step of an AMQP connection; it listens only when all else is up."""
        return self._answers(self.instance.port("amqp"))

    @staticmethod
    def _answers(port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"  # A method frame: connection.start.
        except OSError:
            return False

    def terminate(self) -> None:
        self.process.terminate()

    def await_end(self, seconds: float) -> None:
        self.process.await_end(seconds)
        self._end_epmd()

    def kill(self) -> None:
        self.process.kill()
        self._end_epmd()

    def erase(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def _launch_epmd(self) -> None:
        port = str(self.instance.port("epmd"))
        self.epmd.log.parent.mkdir(parents=True, exist_ok=True)
        # In the foreground, so that its pid is ours to keep; Erlang would start one as a daemon that nobody stops.
        self.epmd.spawn(["epmd", "-address", "127.0.0.1", "-port", port], self._environment(), self.directory)
        self.epmd.await_ready(lambda: _accepts(int(port)), seconds=10)

    def _end_epmd(self) -> None:
        self.epmd.terminate()
        self.epmd.await_end(5)

    def _configuration(self) -> str:
        text = CONFIGURATION.format(amqp=self.instance.port("amqp"), management=self.instance.port("rabbitmq-management"))
        if self.certificates is not None:
            text += TLS_CONFIGURATION.format(
                port=self.instance.port("amqps"), folder=self.certificates)
        return text

    def _plugins(self) -> list[str]:
        return PLUGINS

    def _cookie(self) -> str:
        return secrets.token_hex(20)

    def _write_files(self) -> None:
        for folder in ("home", "log", "data"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)
        (self.directory / "rabbitmq.conf").write_text(self._configuration())
        (self.directory / "advanced.config").write_text(ADVANCED_CONFIGURATION)
        (self.directory / "enabled_plugins").write_text(f"[{','.join(self._plugins())}].\n")
        (self.directory / "inetrc").write_text(NAME_RESOLUTION)
        cookie = self.directory / "home" / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(self._cookie())
            cookie.chmod(0o400)
        exports = "".join(f"export {key}={shlex.quote(value)}\n" for key, value in self._node_environment().items())
        self.control.write_text(
            f"#!/bin/sh\n# rabbitmqctl for the node of this stack. Written by scripts/stack.\n{exports}"
            f'exec {BIN}/rabbitmqctl "$@"\n')
        self.control.chmod(0o755)

    def _environment(self) -> dict[str, str]:
        """The caller's environment, with nothing in it that steers another RabbitMQ or Erlang."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))}
        return inherited | self._node_environment()

    def _node_environment(self) -> dict[str, str]:
        """What the server and rabbitmqctl both need: nothing under /etc or /var, and loopback only."""
        folder = self.directory
        return {
            "HOME": str(folder / "home"),
            "RABBITMQ_NODENAME": self.instance["node"],
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "data" / "configuration"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "rabbitmq-own.pid"),
            "RABBITMQ_DIST_PORT": str(self.instance.port("rabbitmq-distribution")),
            # The start script then becomes the server, instead of staying as its parent: the pid kept is the server's.
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.instance.port("epmd")),
            "ERL_INETRC": str(folder / "inetrc"),
            "ERL_FLAGS": "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
        }


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True
