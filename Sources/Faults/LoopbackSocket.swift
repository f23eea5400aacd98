internal import Glibc

/// The few calls on sockets that the proxy needs.
enum LoopbackSocket {
    /// A socket that listens on a free port.
    static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = try open()
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try demand(withAddress(&address) { bind(descriptor, $0, length) } == 0, "bind")
        try demand(Glibc.listen(descriptor, 64) == 0, "listen")
        try demand(withAddress(&address) { getsockname(descriptor, $0, &length) } == 0, "getsockname")
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func connect(to port: Int) throws -> Int32 {
        let descriptor = try open()
        var address = loopback(port: port)
        guard withAddress(&address, { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }) == 0 else {
            Glibc.close(descriptor)
            throw FaultError(doing: "connect", code: errno)
        }
        return descriptor
    }

    /// Small pieces go out at once; a receive gives up after a while.
    static func prepare(_ descriptor: Int32, receiveTimeoutMicroseconds: Int) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var timeout = timeval(tv_sec: 0, tv_usec: receiveTimeoutMicroseconds)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    static func setLingerZero(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    static func sendAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var left = bytes
        while !left.isEmpty {
            let sent = left.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent <= 0 { return false }
            left = left.dropFirst(sent)
        }
        return true
    }

    static func startThread(_ body: @escaping @Sendable () -> Void) throws {
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
        guard status == 0 else {
            start.release()
            throw FaultError(doing: "pthread_create", code: status)
        }
        pthread_detach(thread)
    }

    private static func open() throws -> Int32 {
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
        guard holds else { throw FaultError(doing: what, code: errno) }
    }
}
