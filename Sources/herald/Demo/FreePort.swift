import NIOCore
import NIOPosix

/// Finds ports of the loopback interface that nobody listens on.
enum FreePort {
    /// `preferred`, or any other where that is taken.
    ///
    /// Until the caller listens there, somebody else may.
    static func near(_ preferred: Int) throws -> Int {
        do {
            return try listened(to: preferred)
        } catch is IOError {
            return try listened(to: 0)
        }
    }

    /// - Parameter port: 0 = any.
    private static func listened(to port: Int) throws -> Int {
        let channel = try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: port).wait()
        defer { _ = try? channel.close().wait() }
        guard let found = channel.localAddress?.port else { preconditionFailure("a channel that listens has a port") }
        return found
    }
}
