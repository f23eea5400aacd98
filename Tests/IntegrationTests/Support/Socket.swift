import Foundation

/// A TCP connection to a port of this machine, blocking, with a limit on every wait.
final class Socket {
    let descriptor: Int32

    /// - Parameters:
    ///   - source: loopback address that the connection comes from.
    ///   - receiveBuffer: bytes that the kernel may take for this end; small for a reader that is to be slow.
    ///   - limit: of every wait, that for the connection included.
    init(port: Int, from source: String = "127.0.0.1", receiveBuffer: Int32? = nil, limit: Duration = .seconds(30)) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket: \(String(cString: strerror(errno)))") }
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var wait = timeval(tv_sec: Int(limit.components.seconds), tv_usec: Int(limit.components.attoseconds / 1_000_000_000_000))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        // The port of this end is chosen with the connection: each address has all of them.
        var isLate: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &isLate, socklen_t(MemoryLayout<Int32>.size))
        let isBound = Self.with(source, port: 0) { bind(descriptor, $0, $1) == 0 }
        guard isBound, Self.with("127.0.0.1", port: port, { connect(descriptor, $0, $1) == 0 }) else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Failure("nobody listens on port \(port): \(reason)")
        }
    }

    deinit { close(descriptor) }

    private static func with(_ host: String, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    /// Has the connection end with a reset, as that of a process that is killed with work undone, rather than in peace.
    func abort() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    /// Whether the peer has ended the connection by now; drops what it said before.
    var isEnded: Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count < 0 { return errno != EAGAIN && errno != EINTR }
            if count == 0 { return true }
        }
    }

    /// Sends all of it; `false` where the peer takes no more.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            // Where waits have a limit, any signal ends them.
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// What arrives next, at most `limit` bytes; empty at the end of the stream; `nil` where nothing came within the limit.
    func receive(_ limit: Int = 65_536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        while true {
            let count = recv(descriptor, &buffer, limit, 0)
            if count >= 0 { return Array(buffer[..<count]) }
            // Where waits have a limit, any signal ends them.
            if errno != EINTR { return errno == ECONNRESET ? [] : nil }
        }
    }

    /// Whether the peer ends the connection within the limit of every wait, whatever it says first.
    func isEndedByPeer() -> Bool {
        while let bytes = receive() {
            if bytes.isEmpty { return true }
        }
        return false
    }
}
