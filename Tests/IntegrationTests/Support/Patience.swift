import Broker
import Foundation

/// Waits until `condition` holds, looking every 10 ms.
///
/// - Throws: `Failure` saying what did not come about, where it does not within `limit`.
func wait(for what: @autoclosure () -> String, within limit: Duration = .seconds(30), _ condition: () throws -> Bool) throws {
    let deadline = MonotonicTime.now + limit
    while try !condition() {
        guard MonotonicTime.now < deadline else { throw Failure("not within \(limit): \(what())") }
        Thread.sleep(forTimeInterval: 0.01)
    }
}

/// The same in a test that is asynchronous itself.
func awaitCondition(
    _ what: @autoclosure () -> String, within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws {
    let deadline = MonotonicTime.now + limit
    while try await !condition() {
        guard MonotonicTime.now < deadline else { throw Failure("not within \(limit): \(what())") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
