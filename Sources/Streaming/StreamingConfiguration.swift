package import Broker
package import Scoring

/// What a scorer reads and writes, and its limits.
package struct StreamingConfiguration: Sendable {
    package var brokerURL: BrokerURL
    package var names = QueueNames()
    package var ladder: DelayLadder
    /// Simulated seconds in a real one, ≥ 1: the retry queues' TTLs are shortened by it.
    package var speed = 1
    /// Jobs the broker hands out unacknowledged, 1–2000.
    package var prefetch = 1000
    /// Jobs scored together at most, 1–`prefetch`.
    package var batchSize = 256
    /// Longest wait of a batch for more jobs after its first.
    package var batchWait = Duration.milliseconds(5)
    /// Longest that the model may take for a batch before the rules decide for a while.
    package var latencyBudget = Duration.milliseconds(500)
    /// Published messages that may await their confirm, 1–1024.
    package var confirmWindow = 1024
    /// Hashes recipients for the log; `nil` = no recipient is stored.
    package var recipientHasher: RecipientHasher?

    /// Deliveries after which a job runs alone.
    private static let suspectCount = 2

    package init(brokerURL: BrokerURL, ladder: DelayLadder = .standard) {
        self.brokerURL = brokerURL
        self.ladder = ladder
    }

    /// The queues that the ladder demands.
    package var topology: Topology {
        let delays = ladder.steps.map { Topology.Delay(name: $0.name, milliseconds: max(1, $0.milliseconds / Int64(speed))) }
        return Topology(ladder: delays, names: names)
    }

    var jobConsumer: ConsumerConfiguration {
        var consumer = ConsumerConfiguration(url: brokerURL, queue: names.jobs, connectionName: "herald score: jobs")
        consumer.prefetch = prefetch
        consumer.batchSize = batchSize
        consumer.batchWait = batchWait
        consumer.waitsByLoad = true
        consumer.bodyLimit = JobLimits.messageBytes
        consumer.headers = [DecisionMessage.decisionIDHeader, DecisionMessage.requeuedHeader]
        consumer.suspectCount = Self.suspectCount
        return consumer
    }

    var outcomeConsumer: ConsumerConfiguration {
        var consumer = ConsumerConfiguration(url: brokerURL, queue: names.outcomesLog, connectionName: "herald score: outcomes")
        consumer.prefetch = 2000
        consumer.batchSize = 1000
        // Outcomes only go to the log: larger, rarer batches cost the database less.
        consumer.batchWait = .milliseconds(50)
        consumer.bodyLimit = JobLimits.messageBytes
        consumer.headers = [DecisionMessage.requeuedHeader]
        return consumer
    }

    var spoolConsumer: ConsumerConfiguration {
        var consumer = ConsumerConfiguration(url: brokerURL, queue: names.logSpool, connectionName: "herald score: spool")
        // Messages of some hundred records each.
        consumer.prefetch = 16
        consumer.batchSize = 4
        consumer.bodyLimit = publisher.bodyLimit
        consumer.headers = [Spool.collectionHeader, DecisionMessage.requeuedHeader]
        return consumer
    }

    /// How far back the stream of recent outcomes is read at the start, when live health was not saved or is older.
    package static let healthReplay = Duration.seconds(1800)

    func healthConsumer(_ connectionName: String) -> ConsumerConfiguration {
        var consumer = ConsumerConfiguration(url: brokerURL, queue: names.outcomesRecent, connectionName: connectionName)
        consumer.stream = .interval(Self.healthReplay)
        consumer.prefetch = 2000
        consumer.batchSize = 1000
        consumer.batchWait = .milliseconds(20)
        consumer.bodyLimit = JobLimits.messageBytes
        return consumer
    }

    var publisher: PublisherConfiguration {
        var publisher = PublisherConfiguration(url: brokerURL, connectionName: "herald score: decisions")
        publisher.windowMessages = confirmWindow
        return publisher
    }
}
