import CAMQPShim

extension BrokerError {
    /// What the C shim recorded, in the caller's terms.
    init(failure: UnsafePointer<camqp_failure>, doing: String) {
        let rawCode = Int(failure.pointee.raw_code)
        let code: Code
        switch failure.pointee.kind {
        case CAMQP_FAILED_LIBRARY: code = Self.code(libraryStatus: rawCode)
        case CAMQP_FAILED_SOCKET: code = .connectionLost
        case CAMQP_FAILED_HEARTBEAT: code = .timeout
        case CAMQP_FAILED_CHANNEL_CLOSED: code = Self.code(reply: rawCode, onChannel: true)
        case CAMQP_FAILED_CONNECTION_CLOSED: code = Self.code(reply: rawCode, onChannel: false)
        case CAMQP_FAILED_ARGUMENT: code = .invalidArgument
        case CAMQP_FAILED_MEMORY: code = .outOfMemory
        default: code = .protocolViolation
        }
        let text = withUnsafeBytes(of: failure.pointee.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.init(code, doing: doing, rawCode: rawCode, text: text)
    }

    /// Statuses of librabbitmq (amqp_status_enum).
    private static func code(libraryStatus: Int) -> Code {
        switch libraryStatus {
        case -0x0001: .outOfMemory
        case -0x0005, -0x0009: .unreachable  // host name, socket
        case -0x000A: .invalidArgument
        case -0x000D, -0x000F: .timeout
        case -0x02FF ... -0x0200: .tls
        default: .connectionLost
        }
    }

    /// Reply codes of AMQP 0-9-1.
    private static func code(reply: Int, onChannel: Bool) -> Code {
        switch reply {
        case 403: onChannel ? .accessRefused : .authentication
        case 404: .notFound
        case 405, 406: .preconditionFailed
        case 530 where !onChannel: .authentication  // no such virtual host, or no access to it
        default: onChannel ? .channelClosed : .connectionLost
        }
    }
}
