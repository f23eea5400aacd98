import Foundation
import Store

/// What every test that needs a server says when there is none.
struct NoServer: Error, CustomStringConvertible {
    let description = "HERALD_TEST_MONGODB_URL is not set: run `make test`, which starts a MongoDB of its own and sets it"
}

/// The server under test; never skipped, because a store that is not tried against MongoDB is not tested.
func serverURL() throws -> String {
    guard let url = ProcessInfo.processInfo.environment["HERALD_TEST_MONGODB_URL"], !url.isEmpty else { throw NoServer() }
    return url
}

/// The server's URL with other options, and a database of the caller's own.
///
/// An option that the URL sets already is replaced: to set one twice is an error.
func testURL(database: String, options: String = "") throws -> StoreURL {
    let parts = try serverURL().split(separator: "?", maxSplits: 1)
    let names = Set(options.split(separator: "&").compactMap { $0.split(separator: "=").first })
    let kept = (parts.count > 1 ? parts[1].split(separator: "&") : []).filter { option in
        !option.split(separator: "=").prefix(1).contains { names.contains($0) }
    }
    let query = (kept + options.split(separator: "&")).joined(separator: "&")
    let server = parts[0].dropFirst("mongodb://".count).contains("/") ? String(parts[0]) : parts[0] + "/"
    return try StoreURL(query.isEmpty ? server : "\(server)?\(query)", database: database)
}

/// Runs `body` on a database of its own, prepared unless told otherwise, and drops it afterwards.
func withDatabase(_ suite: String, options: String = "", prepared: Bool = true, _ body: (Database) throws -> Void) throws {
    let name = "herald_test_\(suite)_\(ProcessInfo.processInfo.processIdentifier)_\(UInt32.random(in: 0...(.max)))"
    let plain = try Database(url: testURL(database: name))
    let result = Result {
        if prepared { try plain.prepare() }
        try body(options.isEmpty ? plain : Database(url: testURL(database: name, options: options)))
    }
    try plain.drop()
    try result.get()
}

/// Runs `body` once on each of `count` threads and returns when all have ended.
func onThreads(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread.detachNewThread {
            body(index)
            group.leave()
        }
    }
    group.wait()
}

/// A loopback port on which nobody listens: it was free a moment ago.
func unusedPort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
        }
    }
    guard result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    return UInt16(bigEndian: address.sin_port)
}

extension Database {
    /// The first batch of a command's cursor.
    func batch(_ command: String) throws -> [Document] {
        let reply = try read(Document(json: command, doing: "testing"), doing: "testing")
        return reply["cursor"]?.document?["firstBatch"]?.document?.values.compactMap(\.document) ?? []
    }
}
