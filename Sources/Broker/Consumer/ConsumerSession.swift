import CAMQPShim

/// One connection's time in a consumer's life: deliveries in, settlements out.
struct ConsumerSession {
    static let consumerTag = "herald"
    /// Of the consumer that takes one at a time.
    ///
    /// RabbitMQ 3.10 loses the bodies of a quorum queue's messages, and the channel with them, where a consumer begins again under the tag of
    /// one that left deliveries unsettled.
    static let carefulConsumerTag = "herald-careful"

    private let consumer: Consumer
    private let configuration: ConsumerConfiguration
    private let generation: UInt32
    private var ledger: DeliveryLedger
    /// Of a stream; nil for a queue.
    private var progress: StreamProgress?
    private var hasCaughtUp = false
    private var builder: BatchBuilder
    private var settlements: [DeliveryLedger.Settlement] = []
    private var verdicts: [(tag: DeliveryTag, verdict: DeliveryLedger.Verdict)] = []
    private var intake: Intake
    /// Whether the consumer with a prefetch of one is cancelled, and the next one is to begin.
    private var hasWidened = false
    /// Deliveries that are to run alone, in their order.
    private var suspects: [Delivery] = []
    /// Whether one of them runs.
    private var isAlone = false
    /// When `basic.cancel` was sent; what arrives afterwards is not handed out.
    private var cancelSent: MonotonicTime?
    /// How long the broker took to answer it: a quorum queue answers after writing the cancel to its log.
    private var cancelTook: Duration?

    /// How much the broker may send ahead.
    private enum Intake {
        /// One at a time, until one comes that is no suspect.
        case careful
        /// The consumer with a prefetch of one is being cancelled.
        case widening
        case full
    }

    /// - Parameter isCareful: whether the consumer began with a prefetch of 1.
    init(_ consumer: Consumer, generation: UInt32, progress: StreamProgress?, isCareful: Bool) {
        self.consumer = consumer
        intake = isCareful ? .careful : .full
        self.generation = generation
        configuration = consumer.configuration
        self.progress = progress
        ledger = DeliveryLedger(generation: generation)
        builder = BatchBuilder(headerNames: configuration.headers, capacity: configuration.batchSize)
    }

    /// Serves the connection; returns once it was closed on request.
    mutating func run(_ connection: borrowing AMQPConnection) throws(BrokerError) {
        while true {
            let (stops, closes) = takeVerdicts()
            handOverSuspect()
            if stops, cancelSent == nil { try cancel(connection) }
            try sendSettlements(connection)
            if closes, let cancelTook { return try finish(connection, logTime: cancelTook) }
            try read(connection)
            if closes, cancelTook != nil { continue }
            let now = MonotonicTime.now
            noteProgress(now)
            try connection.check(camqp_tick(connection.handle, now.nanoseconds), "keeping the connection alive")
            if let cancelSent, cancelTook == nil, now - cancelSent > .seconds(Int(AMQPConnection.Limits.rpcTimeoutSeconds)) {
                throw BrokerError(.timeout, doing: "cancelling the consumer of '\(configuration.queue)'", text: "no answer")
            }
            try wait(connection, now: now)
        }
    }

    /// Enters what callers have decided.
    private mutating func takeVerdicts() -> (stops: Bool, closes: Bool) {
        let result = consumer.shared.withLock { shared in
            swap(&shared.verdicts, &verdicts)
            return (shared.wantsStop, shared.wantsClose)
        }
        for (tag, verdict) in verdicts { _ = ledger.settle(tag, as: verdict) }
        verdicts.removeAll(keepingCapacity: true)
        return result
    }

    private mutating func sendSettlements(_ connection: borrowing AMQPConnection) throws(BrokerError) {
        ledger.takeSettlements(into: &settlements)
        for settlement in settlements {
            let status =
                switch settlement {
                case .acknowledge(let tag, let multiple): camqp_ack(connection.handle, tag, multiple)
                case .reject(let tag, let requeue): camqp_reject(connection.handle, tag, requeue)
                }
            try connection.check(status, "settling deliveries")
        }
        settlements.removeAll(keepingCapacity: true)
        try connection.check(camqp_flush(connection.handle), "settling deliveries")
    }

    /// Whether more may be taken in.
    private var takesMore: Bool {
        cancelSent != nil || (!isAlone && suspects.isEmpty && !builder.isFull && ledger.openBytes < configuration.unsettledBytes)
    }

    private mutating func read(_ connection: borrowing AMQPConnection) throws(BrokerError) {
        while takesMore, camqp_has_buffered_input(connection.handle) {
            let count = try connection.read(limit: max(1, builder.room), arenaBudget: configuration.batchBytes)
            let now = MonotonicTime.now
            for index in 0..<count { try take(connection.event(index), connection, now: now) }
            if builder.isFull || camqp_arena_used(connection.handle) >= configuration.batchBytes {
                try handOver(connection, now: now)
            }
            if hasWidened { try widen(connection) }
            if count == 0 { break }
        }
    }

    private mutating func take(
        _ event: UnsafePointer<camqp_event>, _ connection: borrowing AMQPConnection, now: MonotonicTime
    ) throws(BrokerError) {
        switch camqp_event_kind(UInt32(event.pointee.kind)) {
        case CAMQP_EVENT_DELIVERY:
            guard ledger.deliver(event.pointee.tag, bytes: Int(event.pointee.body.length)) else {
                throw BrokerError(.protocolViolation, doing: "reading from the broker", text: "delivery tags do not ascend")
            }
            if cancelSent == nil, try isNew(event) { builder.add(event, generation: generation, now: now) }
            if intake == .careful, cancelSent == nil, event.pointee.delivery_count < configuration.suspectCount ?? 0 {
                intake = .widening
                try connection.check(camqp_cancel(connection.handle, Self.carefulConsumerTag), "widening the prefetch")
            }
        case CAMQP_EVENT_CANCEL:
            throw BrokerError(
                .notFound, doing: "consuming '\(configuration.queue)'", text: "the broker cancelled the consumer: the queue is gone")
        case CAMQP_EVENT_CANCEL_OK where intake == .widening && cancelSent == nil:
            intake = .full
            hasWidened = true
        case CAMQP_EVENT_CANCEL_OK:
            cancelTook = now - (cancelSent ?? now)
        default:
            break  // blocked and unblocked do not concern a connection that never publishes
        }
    }

    /// False for a delivery of a stream that callers have got before, or do not want: it is settled at once.
    private mutating func isNew(_ event: UnsafePointer<camqp_event>) throws(BrokerError) -> Bool {
        guard progress != nil else { return true }
        let (offset, tag) = (event.pointee.stream_offset, event.pointee.tag)
        guard offset >= 0 else { throw .withoutOffset("consuming '\(configuration.queue)'") }
        if progress?.deliver(offset, tag: tag) == true { return true }
        _ = ledger.settle(DeliveryTag(generation: generation, tag: tag), as: .acknowledged)
        return false
    }

    /// Tells callers once the stream's replay has reached the present.
    private mutating func noteProgress(_ now: MonotonicTime) {
        guard !hasCaughtUp, let progress, progress.hasReachedEnd(lowestOpen: ledger.lowestOpen, now: now) else { return }
        hasCaughtUp = true
        consumer.shared.update { $0.state.hasCaughtUp = true }
    }

    /// Gives the batch to the callers of `next()`.
    private mutating func handOver(_ connection: borrowing AMQPConnection, now: MonotonicTime) throws(BrokerError) {
        guard !builder.isEmpty else {
            try connection.check(camqp_reset_arena(connection.handle), "reading from the broker")
            return
        }
        let batch = try builder.take(from: connection, now: now)
        let (suspects, others) = batch.split { isSuspect($0) }
        self.suspects += suspects
        if let others { consumer.shared.update { $0.ready.append(others) } }
        handOverSuspect()
    }

    private func isSuspect(_ delivery: Delivery) -> Bool {
        configuration.suspectCount.map { delivery.deliveryCount >= $0 } ?? false
    }

    /// Gives the next suspect to the callers of `next()` once nothing else is in flight.
    private mutating func handOverSuspect() {
        guard isAlone || !suspects.isEmpty, ledger.openCount == suspects.count else { return }
        isAlone = !suspects.isEmpty
        guard isAlone else { return }
        let batch = DeliveryBatch(deliveries: [suspects.removeFirst()], firstReceived: .now)
        consumer.shared.update { $0.ready.append(batch) }
    }

    /// Consumes with the whole prefetch from now on, less what the broker still counts for the cancelled consumer.
    private mutating func widen(_ connection: borrowing AMQPConnection) throws(BrokerError) {
        hasWidened = false
        try connection.setPrefetch(max(1, configuration.prefetch - ledger.openCount), of: configuration.queue)
        try connection.check(
            connection.consume(configuration.queue, tag: Self.consumerTag, arguments: []), "consuming '\(configuration.queue)'")
    }

    /// How long a batch waits for more.
    private var batchWait: Duration {
        guard configuration.waitsByLoad else { return configuration.batchWait }
        return configuration.batchWait * min(1, Double(4 * ledger.openCount) / Double(configuration.batchSize))
    }

    private mutating func wait(_ connection: borrowing AMQPConnection, now: MonotonicTime) throws(BrokerError) {
        var timeout = AMQPConnection.Limits.tickNanoseconds
        if let due = builder.firstReceived.map({ $0 + batchWait }) {
            // While nobody has taken the last batch, a fuller one serves better: next() wakes us.
            let waitsForCaller =
                now >= due
                && consumer.shared.withLock { shared in
                    shared.holdsBatch = !shared.ready.isEmpty
                    return shared.holdsBatch
                }
            if now >= due, !waitsForCaller { try handOver(connection, now: now) }
            if now < due { timeout = min(timeout, (due - now).nanoseconds) }
        }
        let sleeps = consumer.shared.withLock { shared in
            shared.sleeps = shared.verdicts.isEmpty && !ledger.hasVerdicts
            return shared.sleeps
        }
        _ = camqp_wait(connection.handle, consumer.wakeup.descriptor, takesMore, sleeps ? timeout : 0)
        consumer.shared.withLock { $0.sleeps = false }
        try connection.check(camqp_flush(connection.handle), "settling deliveries")
    }

    /// Stops deliveries and forgets all that nobody has been handed; it goes back to the queue when the channel closes.
    ///
    /// Giving it back at once would take a basic.nack for each, and the broker's client of a quorum queue, once more than 32
    /// commands are under way, keeps later acknowledgements to itself and loses them if the channel closes soon after.
    private mutating func cancel(_ connection: borrowing AMQPConnection) throws(BrokerError) {
        cancelSent = .now
        switch intake {
        case .careful: try connection.check(camqp_cancel(connection.handle, Self.carefulConsumerTag), "cancelling the consumer")
        case .widening: break  // It is cancelled already; the answer is to come.
        case .full: try connection.check(camqp_cancel(connection.handle, Self.consumerTag), "cancelling the consumer")
        }
        consumer.shared.update { shared in
            shared.state.phase = .stopping
            shared.holdsBatch = false
            shared.ready.removeAll()
        }
        builder = BatchBuilder(headerNames: configuration.headers, capacity: configuration.batchSize)
        suspects.removeAll()
        isAlone = false
    }

    /// Makes sure that every settlement is in the queue's log, gives back the rest, and says good-bye.
    ///
    /// The broker confirms no acknowledgement. One that its channel still holds back (see `cancel`) goes out when earlier ones
    /// are written to the log, which takes about as long as the cancel did; so wait a few times that.
    private mutating func finish(_ connection: borrowing AMQPConnection, logTime: Duration) throws(BrokerError) {
        // A stream keeps no settlements, and refuses to take anything back.
        if progress != nil { return try connection.close() }
        if ledger.openCount > 0 {
            try connection.check(camqp_nack(connection.handle, 0, true, true), "giving back deliveries")
        }
        try connection.check(camqp_flush_all(connection.handle), "settling deliveries")
        let end = MonotonicTime.now + min(max(logTime * 4, .milliseconds(20)), .milliseconds(500))
        while MonotonicTime.now < end {
            _ = camqp_wait(connection.handle, -1, true, (end - .now).nanoseconds)
            try read(connection)
        }
        // An answer to this comes behind the settlements.
        try connection.setPrefetch(configuration.prefetch, of: configuration.queue)
        try connection.close()
    }
}
