import Foundation
import Store

/// What every test that needs a server says when there is none.
struct NoServer: Error, CustomStringConvertible {
    let description = "HERALD_TEST_MONGODB_URL is not set: run `make test`, which starts a MongoDB of its own and sets it"
}

/// Runs `body` on a database of its own, prepared to keep what is decades old, and drops it afterwards.
func withDatabase(_ suite: String, _ body: (Database) throws -> Void) throws {
    guard let server = ProcessInfo.processInfo.environment["HERALD_TEST_MONGODB_URL"], !server.isEmpty else { throw NoServer() }
    let name = "herald_test_\(suite)_\(ProcessInfo.processInfo.processIdentifier)_\(UInt32.random(in: 0...(.max)))"
    let database = try Database(url: StoreURL(server, database: name))
    let result = Result {
        try database.prepare(retentionDays: 20_000)
        try body(database)
    }
    try database.drop()
    try result.get()
}
