import CAMQPShim
import Glibc

/// Frees a library call that hangs by shutting its socket down.
///
/// On a half-open connection a send on a TLS socket can otherwise last for ever; the call then fails, and its thread
/// reconnects.
final class CallWatchdog: Sendable {
    static let shared = CallWatchdog()

    /// A call older than this is freed.
    static let patience = Duration.seconds(10)

    private struct Storage {
        // The raw pointers are alive as long as they are in here: `remove` runs before the connection is destroyed.
        nonisolated(unsafe) var connections: [OpaquePointer] = []
        var runs = false
    }

    private let storage = Monitor(Storage())

    /// Watches `connection` until it is removed.
    func add(_ connection: OpaquePointer) throws(BrokerError) {
        let starts = storage.withLock { storage in
            storage.connections.append(connection)
            defer { storage.runs = true }
            return !storage.runs
        }
        guard starts else { return }
        do throws(BrokerError) {
            _ = try DedicatedThread(name: "herald-watchdog") { [self] in
                while true {
                    sleep(1)
                    check(now: .now)
                }
            }
        } catch {
            storage.withLock { storage in
                storage.runs = false
                storage.connections.removeAll { $0 == connection }
            }
            throw error
        }
    }

    func remove(_ connection: OpaquePointer) {
        storage.withLock { $0.connections.removeAll { $0 == connection } }
    }

    private func check(now: MonotonicTime) {
        storage.withLock { storage in
            for connection in storage.connections where camqp_call_age(connection, now.nanoseconds) > Self.patience.nanoseconds {
                camqp_abort(connection)
            }
        }
    }
}
