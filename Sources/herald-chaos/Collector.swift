import Broker

/// Reads every queue that a decision can lie in, and enters what it finds in the ledger.
final class Collector: Sendable {
    private let consumers: [(consumer: Consumer, isQuarantine: Bool)]
    private let ledger: JobLedger

    init(_ names: QueueNames, ladder: [String], at url: BrokerURL, ledger: JobLedger) throws {
        self.ledger = ledger
        let retries = QueueNames.priorities.flatMap { priority in ladder.map { names.retry(priority, $0) } }
        let queues = QueueNames.priorities.map(names.dispatch) + retries + [names.undeliverable, names.quarantine]
        consumers = try queues.map { queue in
            var configuration = ConsumerConfiguration(url: url, queue: queue, connectionName: "herald chaos: decisions")
            configuration.headers = ["x-herald-decision-id", "x-herald-reason", "x-herald-model"]
            configuration.prefetch = 2000
            configuration.batchSize = 500
            // Bodies are not looked at.
            configuration.bodyLimit = 1
            configuration.oversizedPrefix = 1
            configuration.reconnectWait = (.milliseconds(20), .milliseconds(50))
            return (try Consumer(configuration, logger: .silent), queue == names.quarantine)
        }
    }

    func start() throws {
        for (consumer, isQuarantine) in consumers {
            try consumer.start()
            try DedicatedThread.detach(name: "chaos-read") { [ledger] in
                while let batch = consumer.next() {
                    ledger.take(batch.deliveries, isQuarantine: isQuarantine)
                    consumer.acknowledge(batch.deliveries.map(\.tag))
                }
            }
        }
    }

    func stop() {
        for (consumer, _) in consumers { consumer.close() }
    }
}
