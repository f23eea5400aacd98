"""Three RabbitMQ nodes in a cluster and three MongoDB members in a replica set, on loopback: `scripts/stack --cluster`."""

import os
import secrets
import subprocess
import sys

from .instance import TOOLS, Instance
from .mongodb import LOG_LIMIT, RETRIABLE_CODES, SERVER, MongoDB
from .process import ServerProcess, StackError
from .rabbitmq import BIN, RabbitMQ

NUMBERS = (1, 2, 3)
REPLICA_SET = "herald"
NODE_NOT_FOUND = 74  # a member does not listen yet
JOIN_SECONDS = 120

# A node that sees a minority stops itself and comes back by itself: two of three down is a stall and never two truths.
# Nodes notice within some 10 s, instead of a minute, that one of them has gone silent.
CONFIGURATION = """\
# Written by scripts/stack at every start.
listeners.tcp.1 = 127.0.0.1:{amqp}
cluster_partition_handling = pause_minority
net_ticktime = 10
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
log.console = false
log.file = rabbitmq.log
log.file.level = info
"""


class ClusterNode(RabbitMQ):
    """One of the three brokers: ports, folder and name of its own; cookie and epmd shared."""

    def __init__(self, instance: Instance, number: int):
        super().__init__(instance)
        self.number = number
        self.name = f"broker-{number}"
        self.directory = instance.directory / self.name
        self.process = ServerProcess(
            f"RabbitMQ {number}", instance.directory / f"{self.name}.pid", self.directory / "log" / "startup.log")
        self.epmd = ServerProcess("epmd", instance.directory / "epmd.pid", instance.directory / "epmd.log")
        self.control = instance.directory / f"rabbitmqctl-{number}"

    @property
    def node(self) -> str:
        return f"{self.instance['node']}-{self.number}@localhost"

    @property
    def url(self) -> str | None:
        port = self.instance.port(self._port("amqp"))
        return f"amqp://guest:guest@127.0.0.1:{port}/%2F" if port else None

    def _port(self, kind: str) -> str:
        return f"{kind}-{self.number}"

    def launch(self) -> None:
        if self.process.pid() is not None:
            return
        if not (BIN / "rabbitmq-server").exists():
            raise StackError("RabbitMQ is not installed. Run scripts/setup.")
        self.instance["node"] = self.instance["node"] or f"herald-{secrets.token_hex(4)}"
        self.instance["cookie"] = self.instance["cookie"] or secrets.token_hex(20)
        self.instance.claim_ports([self._port("amqp"), self._port("distribution")])
        has_epmd = self.epmd.pid() is not None
        if not has_epmd:
            self.instance.claim_ports(["epmd"])
        self._write_files()
        if not has_epmd:
            self._launch_epmd()
        self.process.spawn([str(BIN / "rabbitmq-server")], self._environment(), self.directory)

    def is_ready(self) -> bool:
        return self._answers(self.instance.port(self._port("amqp")))

    def await_end(self, seconds: float) -> None:
        self.process.await_end(seconds)

    def kill(self) -> None:
        self.process.kill()

    def join(self, first: "ClusterNode") -> None:
        """Makes this node, with nothing in it, a member of the other one's cluster."""
        for arguments in (["stop_app"], ["reset"], ["join_cluster", first.node], ["start_app"]):
            run = subprocess.run(
                [str(self.control), "--quiet", *arguments], capture_output=True, text=True,
                timeout=JOIN_SECONDS, check=False)
            if run.returncode != 0:
                raise StackError(f"{self.name} cannot join the cluster: {' '.join(arguments)}: {run.stdout}{run.stderr}")

    def _configuration(self) -> str:
        return CONFIGURATION.format(amqp=self.instance.port(self._port("amqp")))

    def _cookie(self) -> str:
        return self.instance["cookie"]

    def _plugins(self) -> list[str]:
        return ["rabbitmq_consistent_hash_exchange"]

    def _node_environment(self) -> dict[str, str]:
        return super()._node_environment() | {
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_DIST_PORT": str(self.instance.port(self._port("distribution"))),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
        }


class ReplicaMember(MongoDB):
    """One of the three database servers."""

    def __init__(self, instance: Instance, number: int):
        super().__init__(instance)
        self.number = number
        self.name = f"mongodb-{number}"
        self.directory = instance.directory / self.name
        self.process = ServerProcess(f"MongoDB {number}", instance.directory / f"{self.name}.pid", self.directory / "mongod.log")

    @property
    def address(self) -> str | None:
        port = self.instance.port(self.name)
        return f"127.0.0.1:{port}" if port else None

    @property
    def url(self) -> str | None:
        return f"mongodb://{self.address}/herald?directConnection=true" if self.address else None

    def launch(self) -> None:
        if self.process.pid() is not None:
            return
        if not SERVER.exists():
            raise StackError("MongoDB is not installed. Run scripts/setup.")
        self.instance.claim_ports([self.name])
        data = self.directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        log = self.process.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        self.process.spawn([
            str(SERVER), "--dbpath", str(data), "--replSet", REPLICA_SET, "--bind_ip", "127.0.0.1",
            "--port", str(self.instance.port(self.name)), "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "256",
            "--setParameter", "diagnosticDataCollectionEnabled=false",
        ], dict(os.environ), self.directory)

    def is_ready(self) -> bool:
        """True once this member serves and knows a primary; the first one begins the replica set."""
        sys.path.append(str(TOOLS / "python"))
        import pymongo
        from pymongo import errors

        try:
            with pymongo.MongoClient(
                self.address, directConnection=True, connectTimeoutMS=1000, serverSelectionTimeoutMS=100
            ) as client:
                hello = client.admin.command("hello")
                if hello.get("isreplicaset") and self.number == 1:
                    self._initiate(client.admin)
                return bool((hello.get("isWritablePrimary") or hello.get("secondary")) and hello.get("primary"))
        except errors.AutoReconnect:
            return False
        except errors.OperationFailure as failure:
            if failure.code in RETRIABLE_CODES | {NODE_NOT_FOUND}:
                return False
            raise StackError(f"MongoDB refuses to become a replica set: {failure}") from failure

    def _initiate(self, admin) -> None:
        members = [{"_id": number, "host": ReplicaMember(self.instance, number).address} for number in NUMBERS]
        # Ten seconds without a primary, as MongoDB has it by default, would only make tests longer.
        settings = {"electionTimeoutMillis": 3000}
        admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members, "settings": settings})


class Cluster:
    """All six servers of one cluster."""

    def __init__(self, instance: Instance):
        self.instance = instance
        self.nodes = [ClusterNode(instance, number) for number in NUMBERS]
        self.members = [ReplicaMember(instance, number) for number in NUMBERS]
        self.servers = {server.name: server for server in [*self.members, *self.nodes]}

    def complete(self) -> None:
        """Joins those nodes that are not joined yet; all of them run."""
        joined = self.instance["joined"] or []
        for node in self.nodes[1:]:
            if node.name not in joined:
                node.join(self.nodes[0])
                joined = [*joined, node.name]
                self.instance["joined"] = joined

    def end_epmd(self) -> None:
        """Ends the port mapper once no node needs it."""
        if all(node.process.pid() is None for node in self.nodes):
            self.nodes[0]._end_epmd()

    @property
    def environment(self) -> dict[str, str]:
        if self.nodes[0].url is None or self.members[0].address is None:
            raise StackError("this cluster was never started: run scripts/stack --cluster start")
        brokers = ",".join(f"127.0.0.1:{self.instance.port(f'amqp-{number}')}" for number in NUMBERS)
        members = ",".join(member.address for member in self.members)
        return {
            "RABBITMQ_URL": f"amqp://guest:guest@{brokers}/%2F",
            "MONGODB_URL": f"mongodb://{members}/herald?replicaSet={REPLICA_SET}&w=majority&journal=true",
            "HERALD_STACK_DIR": str(self.instance.directory),
        } | {f"HERALD_RABBITMQCTL_{node.number}": str(node.control) for node in self.nodes}
