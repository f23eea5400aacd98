"""Private servers on loopback, one RabbitMQ and one MongoDB or a cluster of three each: what `scripts/stack` starts and stops."""
