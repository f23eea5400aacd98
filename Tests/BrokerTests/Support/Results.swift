import Broker
import Foundation

/// What a publisher reported, by index; tests wait for it to be complete.
///
/// Unchecked: everything is under the condition's lock.
final class Results: @unchecked Sendable {
    private let condition = NSCondition()
    private var results: [Int: [PublishResult]] = [:]
    private var count = 0

    /// - Parameter start: index of the first message of the batch that `indices` count in.
    func add(_ indices: [Int], _ result: PublishResult, from start: Int = 0) {
        condition.withLock {
            for index in indices { results[start + index, default: []].append(result) }
            count += indices.count
            condition.broadcast()
        }
    }

    /// Blocks until `expected` reports are in; false after `seconds`.
    func wait(for expected: Int, seconds: Double = 30) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        return condition.withLock {
            while count < expected {
                if !condition.wait(until: deadline) { return count >= expected }
            }
            return true
        }
    }

    subscript(index: Int) -> [PublishResult] { condition.withLock { results[index] ?? [] } }

    var confirmed: Int { condition.withLock { results.values.count { $0 == [.confirmed] } } }
}
