"""The private MongoDB server: a replica set of one node, which retryable writes need."""

import os
import shutil
import sys
from pathlib import Path

from .instance import TOOLS, Instance
from .process import ServerProcess, StackError

SERVER = TOOLS / "mongodb" / "mongod"
REPLICA_SET = "rs0"
URL_OPTIONS = f"replicaSet={REPLICA_SET}&w=majority&journal=true"  # "inserted" means durable
NOT_YET_INITIALIZED = 94
RETRIABLE_CODES = {23, NOT_YET_INITIALIZED, 103, 109, 11600, 11602}  # it is just reading, or changing, its configuration
LOG_LIMIT = 10 << 20  # bytes; a larger log is moved aside at the next start


class MongoDB:
    """One database server of one stack. `launch` starts it where it does not run; it is up once `is_ready`."""

    name = "mongodb"
    url_variable = "MONGODB_URL"

    def __init__(self, instance: Instance, certificates: Path | None = None):
        """`certificates`: folder with ca.pem and server-both.pem; the server then takes TLS connections only."""
        self.instance = instance
        self.certificates = certificates
        self.directory = instance.directory / "mongodb"
        self.process = ServerProcess("MongoDB", instance.directory / "mongodb.pid", self.directory / "mongod.log")

    @property
    def url(self) -> str | None:
        port = self.instance.port("mongodb")
        if self.certificates is not None:
            options = f"{URL_OPTIONS}&tls=true&tlsCAFile={self.certificates}/ca.pem"
            return f"mongodb://localhost:{port}/herald?{options}" if port else None
        return f"mongodb://127.0.0.1:{port}/herald?{URL_OPTIONS}" if port else None

    def launch(self) -> None:
        if self.process.pid() is not None:
            return
        if not SERVER.exists():
            raise StackError("MongoDB is not installed. Run scripts/setup, or set MONGODB_URL to a server of yours.")
        self.instance.claim_ports(["mongodb"])
        data = self.directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        log = self.process.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        self.process.spawn([
            str(SERVER), "--dbpath", str(data), "--replSet", REPLICA_SET,
            "--bind_ip", "127.0.0.1", "--port", str(self.instance.port("mongodb")), "--nounixsocket",
            "--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "512",
            # A stop waits up to 15 s for other members to take over; there are none.
            "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0",
            "--setParameter", "diagnosticDataCollectionEnabled=false",
        ] + self._tls_arguments(), dict(os.environ), self.directory)

    def _tls_arguments(self) -> list[str]:
        if self.certificates is None:
            return []
        return [
            "--tlsMode", "requireTLS", "--tlsCAFile", f"{self.certificates}/ca.pem",
            "--tlsCertificateKeyFile", f"{self.certificates}/server-both.pem", "--tlsAllowConnectionsWithoutCertificates"]

    def is_ready(self) -> bool:
        """True once this node is the primary of its replica set, which is initiated here if it is not yet."""
        sys.path.append(str(TOOLS / "python"))
        import pymongo  # Here, because no other command than a start needs it.
        from pymongo import errors

        port = self.instance.port("mongodb")
        secured = self.certificates is not None
        options = {"tls": True, "tlsCAFile": f"{self.certificates}/ca.pem"} if secured else {}
        host = "localhost" if secured else "127.0.0.1"  # The members' name must be the certificate's.
        try:
            with pymongo.MongoClient(
                host, port, directConnection=True, connectTimeoutMS=1000, serverSelectionTimeoutMS=1000 if secured else 100, **options
            ) as client:
                return _is_primary(client.admin, f"{host}:{port}")
        except errors.AutoReconnect:
            return False  # Not listening yet, or it closed the connection on becoming primary.
        except errors.OperationFailure as failure:
            if failure.code in RETRIABLE_CODES:
                return False
            raise StackError(f"MongoDB refuses to become a replica set: {failure}") from failure

    def terminate(self) -> None:
        self.process.terminate()

    def await_end(self, seconds: float) -> None:
        self.process.await_end(seconds)

    def kill(self) -> None:
        self.process.kill()

    def erase(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)


def _is_primary(admin, address: str) -> bool:
    hello = admin.command("hello")
    if hello.get("isreplicaset"):  # It has no configuration, or one in which it does not find itself.
        _configure(admin, address)
        hello = admin.command("hello")
    if not hello.get("isWritablePrimary") and "topologyVersion" in hello:
        # The server answers as soon as its state changes: a signal rather than a poll.
        hello = admin.command("hello", topologyVersion=hello["topologyVersion"], maxAwaitTimeMS=500)
    return bool(hello.get("isWritablePrimary"))


def _configure(admin, address: str) -> None:
    from pymongo import errors

    try:
        configuration = admin.command("replSetGetConfig")["config"]
    except errors.OperationFailure as failure:
        if failure.code != NOT_YET_INITIALIZED:
            raise
        admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": address}]})
        return
    if configuration["members"][0]["host"] != address:  # Its port was taken meanwhile, and it was given another.
        configuration["members"][0]["host"] = address
        configuration["version"] += 1
        admin.command("replSetReconfig", configuration, force=True)
