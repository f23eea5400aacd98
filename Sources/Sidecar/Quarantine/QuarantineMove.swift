internal import Broker
internal import Scoring

/// Moves messages from the quarantine back to where they came from, one after the other: published, confirmed by the broker, and only then
/// taken out.
///
/// One at a time, so that a crash between confirm and acknowledgement can double one message at most. All others are given back in order.
struct QuarantineMove {
    /// A message that stayed.
    struct Failure: Sendable, Equatable {
        var id: String
        /// A word: an obstacle, or `unconfirmed`, when the broker may have it or not.
        var reason: String
    }

    struct Report: Sendable {
        /// Messages in the queue at the beginning.
        var depth = 0
        /// Messages that were looked at.
        var seen = 0
        var movedIDs: [String] = []
        var moved = 0
        /// The first of those that could not be moved, and how many there are.
        var failures: [Failure] = []
        var failed = 0
        /// Asked for and not found.
        var missing: [String] = []
        /// Whether time or connection ended it.
        var isCutShort = false
        /// What ended it, if not the end of the queue.
        var error: BrokerError?

        /// Messages that were there at the beginning and still are.
        var remaining: Int { max(0, depth - moved) }
    }

    /// Messages named in a report at most.
    static let largestList = 1000

    let url: BrokerURL
    let queue: String
    let sources: Set<String>
    let selection: QuarantineDesk.Selection
    let reason: String?
    /// Messages that must be there again from the look before.
    let expected: Int

    /// - Throws: `BrokerError` where nothing was begun; later errors are in the report.
    func run(until deadline: MonotonicTime) throws(BrokerError) -> Report {
        var report = Report()
        var publisher = try BrokerAdmin(url, name: "herald serve: requeue")
        var browser = try QueueBrowser(url, queue: queue, expecting: expected, name: "herald serve: requeue")
        report.depth = browser.depth
        var wanted: [String: Int]?
        if case .ids(let ids) = selection { wanted = ids }
        do throws(BrokerError) {
            try move(from: &browser, with: &publisher, until: deadline, wanted: &wanted, &report)
        } catch {
            report.error = error
            report.isCutShort = true
        }
        report.seen = browser.seen
        report.missing = (wanted ?? [:]).filter { $0.value > 0 }.map(\.key).sorted()
        // What is not given back here, the broker takes back when it misses the connection.
        do throws(BrokerError) { try browser.close() } catch { report.error = report.error ?? error }
        do throws(BrokerError) { try publisher.close() } catch { report.error = report.error ?? error }
        return report
    }

    private func move(
        from browser: inout QueueBrowser, with publisher: inout BrokerAdmin, until deadline: MonotonicTime, wanted: inout [String: Int]?,
        _ report: inout Report
    ) throws(BrokerError) {
        while !(wanted?.values.allSatisfy { $0 == 0 } ?? false) {
            // What stays is held until the end, and a full window brings nothing more: what is left is for the next call.
            guard browser.held < QueueBrowser.window, MonotonicTime.now < deadline else {
                report.isCutShort = browser.seen < browser.depth
                return
            }
            guard let candidate = try browser.next(until: min(deadline, .now + .seconds(2))) else {
                report.isCutShort = browser.seen < browser.depth
                return
            }
            let message = QuarantinedMessage(candidate)
            guard isChosen(message, &wanted) else {
                continue
            }
            let outgoing: OutgoingMessage
            do throws(QuarantinedMessage.Obstacle) {
                outgoing = try message.goingBack(to: sources, user: url.user)
            } catch {
                report.add(message.id, error.rawValue)
                continue
            }
            do throws(BrokerError) {
                try publisher.publish(outgoing)
            } catch {
                switch error.code {
                case .unroutable: report.add(message.id, QuarantinedMessage.Obstacle.unroutable.rawValue)
                case .refusedByBroker: report.add(message.id, QuarantinedMessage.Obstacle.refused.rawValue)
                case .invalidArgument: report.add(message.id, QuarantinedMessage.Obstacle.malformedProperties.rawValue)
                default:
                    report.add(message.id, "unconfirmed")
                    throw error
                }
                continue
            }
            report.moved += 1
            if report.movedIDs.count < Self.largestList { report.movedIDs.append(message.id) }
            try browser.acknowledge(candidate)
        }
    }

    private func isChosen(_ message: QuarantinedMessage, _ wanted: inout [String: Int]?) -> Bool {
        if let reason, message.reason != reason { return false }
        guard wanted != nil else { return true }
        guard let count = wanted?[message.id], count > 0 else { return false }
        wanted?[message.id] = count - 1
        return true
    }
}

extension QuarantineMove.Report {
    fileprivate mutating func add(_ id: String, _ reason: String) {
        failed += 1
        if failures.count < QuarantineMove.largestList { failures.append(QuarantineMove.Failure(id: id, reason: reason)) }
    }
}
