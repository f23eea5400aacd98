/// Why something asked of RabbitMQ did not happen.
package struct BrokerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Sendable {
        /// The URL or a configuration value cannot be used; nothing was tried.
        case invalidConfiguration
        /// No server answers under this host and port.
        case unreachable
        /// The TLS handshake or the check of the server's certificate failed.
        case tls
        /// User, password or virtual host were refused.
        case authentication
        /// The user may log in but not do this.
        case accessRefused
        /// The queue or exchange does not exist.
        case notFound
        /// It exists with other arguments, or is in use.
        case preconditionFailed
        /// The connection broke, or the broker closed it.
        case connectionLost
        /// No answer in time.
        case timeout
        /// The broker closed the channel for another reason.
        case channelClosed
        /// A message or name that AMQP cannot carry; nothing was sent.
        case invalidArgument
        /// No queue is bound for the message.
        case unroutable
        /// The broker refused the message, for example because the queue is full.
        case refusedByBroker
        /// The broker sent what the protocol does not allow.
        case protocolViolation
        case outOfMemory
    }

    package let code: Code
    /// What was being done, as in "declaring queue 'herald.jobs'".
    package let doing: String
    /// AMQP reply code, errno or librabbitmq status (negative); 0 if there is none.
    package let rawCode: Int
    /// What the broker or the library says.
    package let text: String

    package init(_ code: Code, doing: String, rawCode: Int = 0, text: String) {
        self.code = code
        self.doing = doing
        self.rawCode = rawCode
        self.text = text
    }

    /// Whether the same call can succeed later without anybody changing configuration or message.
    package var isRetriable: Bool {
        switch code {
        case .unreachable, .connectionLost, .timeout, .channelClosed, .refusedByBroker, .outOfMemory: true
        case .invalidConfiguration, .tls, .authentication, .accessRefused, .notFound, .preconditionFailed, .invalidArgument,
            .unroutable, .protocolViolation:
            false
        }
    }

    package var description: String {
        rawCode == 0 ? "\(doing): \(text)" : "\(doing): \(text) (\(rawCode))"
    }
}
