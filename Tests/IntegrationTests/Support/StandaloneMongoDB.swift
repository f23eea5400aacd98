import Foundation

/// A MongoDB server without a replica set, for as long as a test needs it.
enum StandaloneMongoDB {
    /// The server that the stack uses.
    private static var program: String? {
        Servers.stackScript.map { script in
            URL(fileURLWithPath: script).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: ".local/mongodb/mongod").path
        }
    }

    /// Runs `body` with the URL of a fresh server on loopback.
    static func run(in line: Line, _ body: (String) throws -> Void) throws {
        guard let program else { throw Failure("HERALD_TEST_STACK is not set, so there is no MongoDB server to start") }
        let data = "\(line.folder)/standalone"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let port = try unusedPort()
        let server = try line.start(
            Command(
                program,
                [
                    "--dbpath", data, "--bind_ip", "127.0.0.1", "--port", "\(port)", "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25",
                    "--setParameter", "diagnosticDataCollectionEnabled=false",
                ], environment: ProcessInfo.processInfo.environment))
        try server.awaitOutput("Waiting for connections")
        try body("mongodb://127.0.0.1:\(port)/")
        try server.killHard()
    }

    /// A loopback port on which nobody listens: it was free a moment ago.
    private static func unusedPort() throws -> UInt16 {
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
        guard result == 0 else { throw Failure("no port is free on 127.0.0.1") }
        return UInt16(bigEndian: address.sin_port)
    }
}
