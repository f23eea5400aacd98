/// What a consumer reads and how it hands it out.
package struct ConsumerConfiguration: Sendable {
    package var url: BrokerURL
    package var queue: String
    /// Where to begin, if `queue` is a stream; nil for a queue.
    ///
    /// Reading a stream takes nothing out of it. After a lost connection it goes on behind the last message handed out by `next()`.
    package var stream: StreamPosition?
    /// Shown by the broker's tools.
    package var connectionName: String
    /// Deliveries that may be unsettled at once, 1–2000 (the quorum queues' cap).
    ///
    /// Must cover what is between delivery and acknowledgement: four batches measured best; half as many cost a tenth.
    package var prefetch: Int = 1000
    /// Deliveries in a batch, at most; at least 1.
    package var batchSize: Int = 256
    /// Longest wait for more after a batch's first delivery.
    package var batchWait: Duration = .milliseconds(5)
    /// Whether a batch waits the less the less is in flight, and `batchWait` only from a quarter of a batch on.
    ///
    /// What comes alone then goes on at once, and under load, where batches pay, they have the time to fill.
    package var waitsByLoad = false
    /// A batch whose bodies reach so many bytes is closed.
    package var batchBytes: Int = 8 * 1024 * 1024
    /// Reading pauses while unsettled bodies reach so many bytes.
    package var unsettledBytes: Int = 64 * 1024 * 1024
    /// Longest body handed out whole, bytes.
    package var bodyLimit: Int = 1024 * 1024
    /// What is kept of a longer one, bytes.
    package var oversizedPrefix: Int = 64 * 1024
    /// Headers to keep, at most 16.
    package var headers: [String] = []
    /// A delivery that came back so often may have ended the processes that took it: it is handed out alone, with nothing else in flight.
    ///
    /// A consumer then begins with a prefetch of 1, so that a process which ends again takes nothing along, and widens it with the first
    /// delivery that is none of these. `nil` = all are alike.
    package var suspectCount: Int?
    /// Waits between attempts to connect: first and longest.
    ///
    /// The longest is short, so that the first decision follows within two seconds of the broker's return.
    package var reconnectWait: (first: Duration, longest: Duration) = (.milliseconds(50), .seconds(1))

    package init(url: BrokerURL, queue: String, connectionName: String = "herald consumer") {
        self.url = url
        self.queue = queue
        self.connectionName = connectionName
    }

    /// Throws if a value is out of range or two contradict each other.
    func validate() throws(BrokerError) {
        func demand(_ holds: Bool, _ text: String) throws(BrokerError) {
            guard holds else { throw BrokerError(.invalidConfiguration, doing: "configuring the consumer of '\(queue)'", text: text) }
        }
        try demand((1...255).contains(queue.utf8.count), "the queue's name must have 1 to 255 bytes")
        try demand((1...2000).contains(prefetch), "prefetch must be 1 to 2000, not \(prefetch)")
        try demand(batchSize >= 1, "batchSize must be at least 1, not \(batchSize)")
        if case .interval(let interval) = stream {
            try demand(interval > .zero && interval <= .seconds(365 * 86_400), "a stream's interval must be above 0 and at most 365 days")
        }
        try demand(batchSize <= prefetch, "batchSize (\(batchSize)) must not exceed prefetch (\(prefetch)), or no batch ever fills")
        try demand(batchWait >= .zero && batchWait <= .seconds(60), "batchWait must be 0 to 60 s")
        try demand((1...1 << 30).contains(bodyLimit), "bodyLimit must be 1 byte to 1 GiB")
        try demand((0...bodyLimit).contains(oversizedPrefix), "oversizedPrefix must not exceed bodyLimit")
        try demand(batchBytes >= 1 && batchBytes <= unsettledBytes, "batchBytes must be 1 to unsettledBytes")
        try demand(unsettledBytes <= 1 << 31, "unsettledBytes must not exceed 2 GiB")
        try demand(headers.count <= 16, "at most 16 headers can be kept, not \(headers.count)")
        try demand(reconnectWait.first > .zero, "the first reconnect wait must be above 0")
    }
}
