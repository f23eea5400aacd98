import Broker
import Foundation

/// What a run that another program has started owes it: it steps aside for everything else, and does not outlive it.
enum Supervision {
    /// Of 19: below whatever serves somebody, above what is only done when all else rests.
    private static let niceness: Int32 = 10

    /// On Linux a priority is a thread's, and threads to come have that of the one that starts them.
    private static func stepAside() throws {
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap({ UInt32($0) }) {
            guard setpriority(Int32(PRIO_PROCESS.rawValue), thread, niceness) == 0 || errno == ESRCH else {
                throw ConfigurationError("cannot lower the priority: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Steps aside, and ends this process when standard input does.
    static func begin() throws {
        try stepAside()
        try DedicatedThread.detach(name: "herald-supervisor") {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count > 0 || (count < 0 && errno == EINTR) { continue }
                // Whoever started the run has gone. What is half-written is hidden, and the next run clears it away.
                _exit(70)
            }
        }
    }
}
