internal import Glibc
internal import NIOCore
package import NIOSSL

/// Where the sidecar listens, whom it answers, and its limits.
package struct SidecarConfiguration: Sendable {
    /// Address to listen on.
    package var host = "127.0.0.1"
    /// 0 = any free one.
    package var port = 8080
    /// Port of the listener that only tells of health; 0 = any free one, `nil` = none.
    package var healthPort: Int? = 8081
    /// `nil` = nobody needs a token.
    package var tokens: [Token]?
    /// `nil` = no TLS.
    package var tls: TLSConfiguration?
    /// Origins whose pages may use this interface; empty = none but its own.
    package var allowedOrigins: [String] = []
    /// Folder of the dashboard's files; `nil` = no dashboard.
    package var dashboardFolder: String?
    /// Requests answered at a time; more get 503.
    package var requestsInFlight = 256
    /// Connections at a time, and those of one address; more are closed at once.
    package var connections = 4096
    package var connectionsPerAddress = 1024
    /// How long a connection may be silent, or send no whole head.
    package var idleTimeout = Duration.seconds(60)
    /// How long a request may take from its head to the end of its body.
    package var bodyTimeout = Duration.seconds(15)
    /// How long a peer may take nothing of an answer.
    package var stallTimeout = Duration.seconds(20)
    /// How long there may be more for a peer than its connection holds, however steadily it reads: 4 MiB at 14 KB a second.
    package var backlogTimeout = Duration.seconds(300)
    /// Most bytes of a request's head.
    package var headBytes = 16 * 1024

    package init() {}

    /// Whether only this machine can reach the listener: an address of 127.0.0.0/8, `::1`, or `localhost`.
    ///
    /// Any other name may be anybody's, whatever it begins with.
    package var isLoopback: Bool {
        guard host != "localhost" else { return true }
        return switch try? SocketAddress(ipAddress: host, port: 0) {
        case .v4(let address): UInt32(bigEndian: address.address.sin_addr.s_addr) >> 24 == 127
        case .v6: host == "::1"
        default: false
        }
    }
}
