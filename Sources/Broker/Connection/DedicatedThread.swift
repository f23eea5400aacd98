import CAMQPShim
import Glibc

/// An operating-system thread for work that blocks: such calls have no place on the cooperative pool.
///
/// Its stack is 16 MiB because librabbitmq decodes nested header tables recursively without limit, and one frame can nest
/// some twenty thousand deep. All signals are blocked, so that the process's handlers run elsewhere.
package struct DedicatedThread: Sendable {
    static let stackBytes = 16 * 1024 * 1024

    private let thread: pthread_t

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts a thread; the kernel shows the first 15 bytes of `name`.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(BrokerError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        let start = Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                camqp_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            throw BrokerError(.outOfMemory, doing: "starting thread \(name)", rawCode: Int(status), text: String(cString: strerror(status)))
        }
        self.thread = thread
    }

    /// Waits for the thread's end; once.
    func join() {
        pthread_join(thread, nil)
    }

    /// Starts a thread that nobody waits for: it ends when `body` does.
    package static func detach(name: String, _ body: @escaping @Sendable () -> Void) throws(BrokerError) {
        pthread_detach(try DedicatedThread(name: name, body).thread)
    }
}
