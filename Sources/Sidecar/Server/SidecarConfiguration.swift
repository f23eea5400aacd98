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
    /// Most bytes of a request's head.
    package var headBytes = 16 * 1024

    package init() {}

    /// Whether only this machine can reach the listener.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
