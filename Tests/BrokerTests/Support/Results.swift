import Broker
import Foundation

/// What a publisher reported, by index; tests wait for it to be complete.
///
/// Unchecked: everything is under the condition's lock.
final class Results: @unchecked Sendable {
    private let condition = NSCondition()
    private var results: [Int: [PublishResult]] = [:]
    private var count = 0

    func add(_ index: Int, _ result: PublishResult) {
        condition.withLock {
            results[index, default: []].append(result)
            count += 1
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
