import Broker
import Glibc
import Synchronization

/// A TCP proxy in front of the broker whose connections a test can cut, mute or add bytes to.
final class FaultProxy: Sendable {
    private struct Storage {
        var pairs: [(client: Int32, server: Int32)] = []
        var isMuted = false
        var refuses = false
        var ends = false
    }

    /// Where the proxy listens, on loopback.
    let port: Int
    private let listener: Int32
    private let targetPort: Int
    private let storage = Mutex(Storage())

    /// Forwards to `target`, which must be on loopback.
    init(target: BrokerURL) throws {
        targetPort = target.port
        let listener = try Self.openSocket()
        self.listener = listener
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try Self.demand(Self.withAddress(&address) { bind(listener, $0, length) } == 0, "bind")
        try Self.demand(listen(listener, 16) == 0, "listen")
        try Self.demand(Self.withAddress(&address) { getsockname(listener, $0, &length) } == 0, "getsockname")
        port = Int(UInt16(bigEndian: address.sin_port))
        try Self.startThread { [self] in acceptConnections() }
    }

    /// Breaks every connection in both directions.
    func cut() {
        storage.withLock { storage in
            for pair in storage.pairs {
                shutdown(pair.client, Int32(SHUT_RDWR))
                shutdown(pair.server, Int32(SHUT_RDWR))
            }
            storage.pairs = []
        }
    }

    /// From now on new connections are cut at once.
    func setRefusing(_ refuses: Bool) {
        storage.withLock { $0.refuses = refuses }
        if refuses { cut() }
    }

    /// While muted, bytes vanish in both directions: the connection is half-open.
    func setMuted(_ isMuted: Bool) {
        storage.withLock { $0.isMuted = isMuted }
    }

    /// Sends bytes to every client as if they came from the broker; only sensible while the broker says nothing.
    func inject(_ bytes: [UInt8]) {
        storage.withLock { storage in
            for pair in storage.pairs { _ = Self.sendAll(pair.client, bytes[...]) }
        }
    }

    func close() {
        storage.withLock { $0.ends = true }
        cut()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func acceptConnections() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { break }
            guard let server = try? connectToTarget() else {
                Glibc.close(client)
                continue
            }
            let isWanted = storage.withLock { storage in
                if storage.refuses || storage.ends { return false }
                storage.pairs.append((client, server))
                return true
            }
            guard isWanted else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            pump(from: client, to: server)
            pump(from: server, to: client)
        }
        Glibc.close(listener)
    }

    /// Descriptors are shut down but never closed, so that no number is reused under `cut`; a test needs few.
    private func pump(from source: Int32, to sink: Int32) {
        let started: Void? = try? Self.startThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(source, &buffer, buffer.count, 0)
                if count <= 0 { break }
                if storage.withLock({ $0.isMuted }) { continue }
                if !Self.sendAll(sink, buffer[..<count]) { break }
            }
            shutdown(source, Int32(SHUT_RDWR))
            shutdown(sink, Int32(SHUT_RDWR))
        }
        if started == nil { cut() }
    }

    private func connectToTarget() throws -> Int32 {
        let server = try Self.openSocket()
        var address = Self.loopback(port: targetPort)
        try Self.demand(Self.withAddress(&address) { connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) } == 0, "connect")
        return server
    }

    private static func sendAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var left = bytes
        while !left.isEmpty {
            let sent = left.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent <= 0 { return false }
            left = left.dropFirst(sent)
        }
        return true
    }

    private static func openSocket() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try demand(descriptor >= 0, "socket")
        return descriptor
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress<Result>(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }

    private static func demand(_ holds: Bool, _ what: String) throws {
        guard holds else { throw BrokerError(.unreachable, doing: "running the fault proxy", rawCode: Int(errno), text: what) }
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) throws {
        final class Start {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(body))
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, start.toOpaque())
        try demand(status == 0, "pthread_create")
        pthread_detach(thread)
    }
}
