"""A private RabbitMQ and a one-node MongoDB replica set on loopback: what `scripts/stack` starts and stops."""
