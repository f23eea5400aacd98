import CAMQPShim
import Glibc

/// An eventfd: wakes a connection's thread out of its wait for the socket.
final class Wakeup: Sendable {
    let descriptor: Int32

    init() throws(BrokerError) {
        let opened = camqp_open_eventfd()
        guard opened >= 0 else {
            throw BrokerError(.outOfMemory, doing: "creating an eventfd", rawCode: Int(-opened), text: String(cString: strerror(-opened)))
        }
        descriptor = opened
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Any thread.
    func signal() {
        camqp_signal_eventfd(descriptor)
    }

    /// Waits without a connection, at most `duration` or until signalled.
    func sleep(_ duration: Duration) {
        _ = camqp_wait(nil, descriptor, false, max(0, duration.nanoseconds))
    }
}
