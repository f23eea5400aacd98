internal import Glibc
internal import Synchronization

/// A TCP proxy on loopback that does to its connections what networks do: cut, reset, silence, delay, crumble.
///
/// Every connection has two threads; what it does not forward at once it keeps in the sockets' buffers, and nowhere else.
package final class FaultProxy: Sendable {
    /// What happens to bytes on their way.
    package struct Conditions: Sendable {
        /// Bytes vanish in both directions.
        package var isMuted = false
        /// New connections are closed at once.
        package var refuses = false
        /// Seconds that each piece waits before it goes on.
        package var delaySeconds = 0.0
        /// Most bytes of one write; 0 = as they come.
        package var sliceBytes = 0

        package init() {}
    }

    private struct Storage {
        var conditions = Conditions()
        var links: [FaultLink] = []
        var ends = false
    }

    /// Where the proxy listens, on loopback.
    package let port: Int
    private let listener: Int32
    private let targetPort: Int
    private let storage = Mutex(Storage())

    /// Forwards to a port of loopback.
    package init(targetPort: Int) throws {
        self.targetPort = targetPort
        (listener, port) = try LoopbackSocket.listen()
        try LoopbackSocket.startThread { [self] in acceptConnections() }
    }

    /// Connections that are open now.
    package var openCount: Int {
        storage.withLock { storage in
            storage.links.removeAll { $0.isOver }
            return storage.links.count
        }
    }

    /// What happens from now on, to old and new connections.
    package func set(_ change: (inout Conditions) -> Void) {
        storage.withLock { change(&$0.conditions) }
    }

    /// Closes every connection in both directions.
    package func cut() {
        for link in openLinks { link.cut() }
    }

    /// Ends every connection with a reset, as a machine does that knows nothing of it any more.
    package func reset() {
        for link in openLinks { link.reset() }
    }

    /// Lets each open connection carry so many bytes more, and then closes it, in the middle of whatever they are.
    package func cut(afterBytes count: Int) {
        for link in openLinks { link.limit(toBytes: count) }
    }

    /// From now on bytes of the open connections vanish; new ones are not concerned.
    ///
    /// They are half-open: nobody is told.
    package func muteOpenConnections() {
        for link in openLinks { link.mute() }
    }

    /// From now on new connections are cut at once.
    package func setRefusing(_ refuses: Bool) {
        set { $0.refuses = refuses }
        if refuses { cut() }
    }

    /// While muted, bytes of all connections vanish in both directions.
    package func setMuted(_ isMuted: Bool) {
        set { $0.isMuted = isMuted }
    }

    /// Sends bytes to every client as if they came from the server; only sensible while the server says nothing.
    package func inject(_ bytes: [UInt8]) {
        for link in openLinks { link.inject(bytes) }
    }

    /// Ends the proxy and its connections.
    package func close() {
        storage.withLock { $0.ends = true }
        cut()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private var openLinks: [FaultLink] {
        storage.withLock { storage in
            storage.links.removeAll { $0.isOver }
            return storage.links
        }
    }

    private func acceptConnections() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { break }
            guard let server = try? LoopbackSocket.connect(to: targetPort) else {
                Glibc.close(client)
                continue
            }
            let link = FaultLink(client: client, server: server)
            let isWanted = storage.withLock { storage in
                if storage.conditions.refuses || storage.ends { return false }
                storage.links.append(link)
                return true
            }
            guard isWanted else {
                link.discard()
                continue
            }
            link.start { [self] in storage.withLock { $0.conditions } }
        }
        Glibc.close(listener)
    }
}
