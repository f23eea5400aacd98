import Broker
import Foundation
import Testing

/// Waits until `condition` holds, looking every 10 ms; the test fails where it does not within `limit`.
func wait(for what: @autoclosure () -> String, within limit: Duration = .seconds(10), _ condition: () throws -> Bool) throws {
    let deadline = MonotonicTime.now + limit
    while try !condition() {
        try #require(.now < deadline, "not within \(limit): \(what())")
        Thread.sleep(forTimeInterval: 0.01)
    }
}
