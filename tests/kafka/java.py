"""Apache Kafka from its Maven artefacts, run with this machine's Java: no container engine needed."""

import contextlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.kafka.certificate import write_certificate
from tests.kafka.ready import wait_ready

# Not 4.3.0 to 4.4.0: killed and started again, a single broker of these may lose the markers of a
# transaction (KAFKA-20734), which then hangs until somebody ends it.
VERSION = "4.2.2"
ROOT = Path(__file__).parents[2]
JARS = ROOT / ".kafka" / f"libs-{VERSION}"
LOG4J = """\
status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{{1}} %m%n
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""
# One node, small: what a test can afford, with everything that exactly-once needs.
SINGLE_NODE = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "broker.session.timeout.ms": "2000",  # a killed broker may come back as soon as this is over
    "broker.heartbeat.interval.ms": "300",
    "log.cleaner.backoff.ms": "500",
}
PROTOCOLS = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL"
SECURITY = {
    "listener.security.protocol.map": PROTOCOLS,
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
    "listener.name.sasl_ssl.ssl.keystore.type": "PEM",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
}


class JavaBroker:
    """One broker process of ours. Its ports and its data outlive ``kill`` and end with ``close``.

    Whoever comes in by ``bootstrap`` may do everything; ``secured`` wants TLS and a user of
    ``passwords``, who may do nothing until an ACL says so.
    """

    def __init__(self, port: int = 0, *, fast: bool = False) -> None:
        """``port`` 0 takes a free one; ``fast`` lets Java compile fully, for benches."""
        ports = free_ports(3)
        ports[0] = port or ports[0]
        self.bootstrap = f"127.0.0.1:{ports[0]}"
        self.secured = f"127.0.0.1:{ports[2]}"
        self.passwords = {user: secrets.token_hex(12) for user in ("gate", "reader")}
        self._folder = Path(tempfile.mkdtemp(prefix="sluicegate-kafka-"))
        self.certificate = write_certificate(self._folder)
        self._java = [] if fast else ["-XX:TieredStopAtLevel=1"]
        self._process: subprocess.Popen[bytes] | None = None
        self._configure(ports)

    def start(self) -> None:
        """Start the broker and return when it answers; on the same data if it ran before."""
        heap = ["-Xms256m", "-Xmx768m", "-XX:+UseSerialGC", *self._java]
        config = f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}"
        with (self._folder / "out.txt").open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own jars
                [*_java(*heap, config), "kafka.Kafka", str(self._folder / "server.properties")],
                stdout=out,
                stderr=out,
                start_new_session=True,  # a person's Ctrl-C ends the caller, who ends the broker
            )
        wait_ready(self.bootstrap, self._process, self._folder)

    def kill(self) -> None:
        """End the broker as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def log_of(self, topic: str, partition: int) -> Path:
        """Return the file in which a partition's first records are."""
        return self._folder / "data" / f"{topic}-{partition}" / f"{0:020d}.log"

    def close(self) -> None:
        """End the broker and remove its data."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _configure(self, ports: list[int]) -> None:
        (self._folder / "log4j2.properties").write_text(
            LOG4J.format(log=self._folder / "server.log"), "utf-8"
        )
        plain, controller, secured = (f"127.0.0.1:{port}" for port in ports)
        clients = f"PLAINTEXT://{plain},SASL_SSL://{secured}"
        properties = SINGLE_NODE | {
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"{clients},CONTROLLER://{controller}",
            "advertised.listeners": clients,
            "log.dirs": str(self._folder / "data"),
            **SECURITY,
            "listener.name.sasl_ssl.ssl.keystore.location": str(self._folder / "server.pem"),
        }
        lines = "".join(f"{key}={value}\n" for key, value in properties.items())
        config = self._folder / "server.properties"
        config.write_text(lines, "utf-8")
        identity = _run("kafka.tools.StorageTool", "random-uuid").split()[-1]
        formatted = ["format", "-t", identity, "-c", str(config)]
        for user, password in self.passwords.items():
            formatted += ["--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]"]
        _run("kafka.tools.StorageTool", *formatted)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def fetch_jars() -> Path:
    """Return the folder with the broker's jars; Maven fetches them once."""
    if not JARS.exists():
        JARS.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=JARS.parent) as folder:
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
            pom = str(Path(__file__).with_name("pom.xml"))
            target = Path(folder) / "libs"
            maven = ["mvn", "-q", "-B", "-f", pom, *goal, f"-DoutputDirectory={target}"]
            # What Maven says, colours too, stays off standard output: programs read ours.
            subprocess.run(maven, check=True, stdout=sys.stderr)  # noqa: S603 - our own pom
            target.rename(JARS)
    return JARS


def _java(*options: str) -> list[str]:
    return ["java", *options, "-cp", f"{fetch_jars()}/*"]


def _run(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own jars
        [*_java("-Xmx128m", "-XX:TieredStopAtLevel=1"), *command],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout
