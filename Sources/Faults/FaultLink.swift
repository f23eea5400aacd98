internal import Glibc
internal import Synchronization

/// One connection through the proxy: two sockets and a thread for each direction.
final class FaultLink: Sendable {
    private struct State {
        var isMuted = false
        /// Bytes that may still pass; `nil` = no limit.
        var bytesLeft: Int?
        var ends = false
        /// Directions that are still pumped, and with them the descriptors in use.
        var pumps = 2
    }

    /// Longest that a pump does not look whether it is to end, microseconds.
    private static let lookMicroseconds = 100_000
    private static let bufferBytes = 65_536

    private let client, server: Int32
    private let state = Mutex(State())

    init(client: Int32, server: Int32) {
        (self.client, self.server) = (client, server)
        for descriptor in [client, server] { LoopbackSocket.prepare(descriptor, receiveTimeoutMicroseconds: Self.lookMicroseconds) }
    }

    /// Whether both directions have ended.
    var isOver: Bool { state.withLock { $0.pumps == 0 } }

    /// Begins to forward.
    func start(_ conditions: @escaping @Sendable () -> FaultProxy.Conditions) {
        for (source, sink) in [(client, server), (server, client)] {
            do {
                try LoopbackSocket.startThread { [self] in
                    pump(from: source, to: sink, conditions)
                    finish()
                }
            } catch {
                cut()
                finish()
            }
        }
    }

    /// Closes a link that was never started.
    func discard() {
        state.withLock { $0.pumps = 0 }
        close(client)
        close(server)
    }

    func cut() {
        state.withLock { state in
            state.ends = true
            shutDown(state)
        }
    }

    func reset() {
        state.withLock { state in
            state.ends = true
            guard state.pumps > 0 else { return }
            // With no time to linger, closing sends a reset in place of what is left and of the farewell.
            for descriptor in [client, server] { LoopbackSocket.setLingerZero(descriptor) }
        }
    }

    func mute() { state.withLock { $0.isMuted = true } }

    func limit(toBytes count: Int) { state.withLock { $0.bytesLeft = count } }

    func inject(_ bytes: [UInt8]) {
        state.withLock { state in
            if state.pumps > 0 { _ = LoopbackSocket.sendAll(client, bytes[...]) }
        }
    }

    private func shutDown(_ state: borrowing State) {
        guard state.pumps > 0 else { return }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    private func pump(from source: Int32, to sink: Int32, _ conditions: @Sendable () -> FaultProxy.Conditions) {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        while !state.withLock({ $0.ends }) {
            let count = recv(source, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            if count <= 0 { return cut() }
            let now = conditions()
            if now.isMuted || state.withLock({ $0.isMuted }) { continue }
            if now.delaySeconds > 0 { usleep(UInt32(now.delaySeconds * 1e6)) }
            guard forward(buffer[..<count], to: sink, sliceBytes: now.sliceBytes) else { return cut() }
        }
    }

    /// `false` where the link is to end.
    private func forward(_ bytes: ArraySlice<UInt8>, to sink: Int32, sliceBytes: Int) -> Bool {
        let allowed = state.withLock { state -> Int in
            guard let left = state.bytesLeft else { return bytes.count }
            let allowed = min(left, bytes.count)
            state.bytesLeft = left - allowed
            return allowed
        }
        var rest = bytes.prefix(allowed)
        while !rest.isEmpty {
            let piece = sliceBytes > 0 ? rest.prefix(sliceBytes) : rest
            guard LoopbackSocket.sendAll(sink, piece) else { return false }
            rest = rest.dropFirst(piece.count)
        }
        return allowed == bytes.count
    }

    /// The last one out closes the sockets.
    private func finish() {
        let isLast = state.withLock { state in
            state.pumps -= 1
            return state.pumps == 0
        }
        guard isLast else { return }
        close(client)
        close(server)
    }
}
