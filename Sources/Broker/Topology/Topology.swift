/// Every queue, exchange and binding that Herald needs.
package struct Topology: Sendable, Equatable {
    /// A step of the delay ladder: the queue's last name part and its time to live.
    package struct Delay: Sendable, Equatable {
        package let name: String
        package let milliseconds: Int64

        package init(name: String, milliseconds: Int64) {
            self.name = name
            self.milliseconds = milliseconds
        }
    }

    package struct Binding: Sendable, Equatable {
        package let queue: String
        package let exchange: String
    }

    /// Deliveries after which the broker itself takes a message away.
    ///
    /// It counts the whole prefetch window of a consumer that crashes, so a low limit would punish innocent neighbours. What is taken
    /// away goes to quarantine with the broker's own `x-death` header and none of Herald's.
    package static let deliveryLimit: Int64 = 50

    /// Where nothing may ever be dropped: RabbitMQ 4 would otherwise drop after 20 deliveries.
    package static let noDeliveryLimit: Int64 = 1_000_000

    /// What the spool, reserved for log records, takes before it refuses more (4 GiB).
    package static let spoolBytes: Int64 = 4 * 1024 * 1024 * 1024

    package let names: QueueNames
    package let queues: [QueueDeclaration]
    /// Fanout exchanges.
    package let exchanges: [String]
    package let bindings: [Binding]

    /// The topology for a ladder of delays.
    package init(ladder: [Delay], names: QueueNames = QueueNames()) {
        self.names = names
        // Targets before the queues that dead-letter to them.
        var queues = [
            QueueDeclaration.quorum(names.quarantine, deliveryLimit: Self.noDeliveryLimit),
            .quorum(names.jobs, deliveryLimit: Self.deliveryLimit, deadLetterTo: names.quarantine),
        ]
        for priority in QueueNames.priorities {
            queues.append(.quorum(names.dispatch(priority), deliveryLimit: Self.deliveryLimit, deadLetterTo: names.quarantine))
        }
        for priority in QueueNames.priorities {
            for delay in ladder {
                queues.append(
                    .quorum(
                        names.retry(priority, delay.name), deliveryLimit: Self.noDeliveryLimit, deadLetterTo: names.jobs,
                        timeToLive: delay.milliseconds))
            }
        }
        queues += [
            .quorum(names.outcomesLog, deliveryLimit: Self.deliveryLimit, deadLetterTo: names.quarantine),
            .quorum(names.undeliverable, deliveryLimit: Self.noDeliveryLimit),
            .quorum(
                names.logSpool, deliveryLimit: Self.deliveryLimit, deadLetterTo: names.quarantine, bytesLimit: Self.spoolBytes),
            .stream(names.outcomesRecent, maximumAge: "6h", segmentBytes: 32 << 20, bytesLimit: 1 << 30),
        ]
        self.queues = queues
        exchanges = [names.outcomesExchange]
        bindings = [names.outcomesLog, names.outcomesRecent].map { Binding(queue: $0, exchange: names.outcomesExchange) }
    }
}
