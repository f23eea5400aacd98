/// Where RabbitMQ listens and who logs in: `amqp://user:password@host:port/vhost` or `amqps://…?cacertfile=/path.pem`.
package struct BrokerURL: Sendable, Equatable, CustomStringConvertible {
    package let host: String
    /// 1–65535; 5672 without TLS and 5671 with it unless given.
    package let port: Int
    package let virtualHost: String
    package let user: String
    package let password: String
    package let usesTLS: Bool
    /// PEM file of the authorities to trust; the system's store unless given.
    package let authorityFile: String

    /// Parses an AMQP URL; missing parts are `guest:guest@localhost/`.
    ///
    /// User, password and virtual host are percent-decoded. The only query item known is `cacertfile`.
    package init(_ text: String) throws(BrokerError) {
        var rest = Substring(text)
        if rest.hasPrefix("amqp://") {
            usesTLS = false
        } else if rest.hasPrefix("amqps://") {
            usesTLS = true
        } else {
            throw Self.defect("it must begin with amqp:// or amqps://")
        }
        rest = rest.dropFirst(usesTLS ? 8 : 7)

        let query = Self.cut(&rest, at: "?")
        authorityFile = try Self.authorityFile(query)
        let path = Self.cut(&rest, at: "/")
        virtualHost = path.isEmpty ? "/" : try Self.decode(path)
        if let at = rest.lastIndex(of: "@") {
            let credentials = rest[..<at]
            rest = rest[rest.index(after: at)...]
            let colon = credentials.firstIndex(of: ":") ?? credentials.endIndex
            user = try Self.decode(credentials[..<colon])
            password = colon == credentials.endIndex ? "" : try Self.decode(credentials[credentials.index(after: colon)...])
        } else {
            user = "guest"
            password = "guest"
        }
        (host, port) = try Self.hostAndPort(rest, defaultPort: usesTLS ? 5671 : 5672)
        for part in [host, virtualHost, user, password, authorityFile] where part.utf8.contains(0) || part.utf8.count > 255 {
            throw Self.defect("no part may be longer than 255 bytes or contain a zero byte")
        }
    }

    /// The URL without its password.
    package var description: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        return "\(usesTLS ? "amqps" : "amqp")://\(user)@\(shownHost):\(port)\(virtualHost == "/" ? "" : "/\(virtualHost)")"
    }

    /// Shortens `text` to what stands before the first `separator` and returns what stands after it.
    private static func cut(_ text: inout Substring, at separator: Character) -> Substring {
        guard let index = text.firstIndex(of: separator) else { return "" }
        let tail = text[text.index(after: index)...]
        text = text[..<index]
        return tail
    }

    private static func authorityFile(_ query: Substring) throws(BrokerError) -> String {
        var file = "/etc/ssl/certs/ca-certificates.crt"
        for item in query.split(separator: "&") {
            guard item.hasPrefix("cacertfile=") else {
                throw defect("the query item '\(item)' is unknown; cacertfile=FILE is the only one")
            }
            file = try decode(item.dropFirst("cacertfile=".count))
        }
        return file
    }

    private static func hostAndPort(_ text: Substring, defaultPort: Int) throws(BrokerError) -> (String, Int) {
        var host = text
        var portText: Substring = ""
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { throw defect("the IPv6 address lacks its ']'") }
            host = text[text.index(after: text.startIndex)..<close]
            let tail = text[text.index(after: close)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw defect("after the IPv6 address only :port may follow") }
            portText = tail.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
            guard !portText.isEmpty else { throw defect("the port is missing after ':'") }
        }
        guard portText.isEmpty || portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw defect("the port is not a number") }
        guard let port = portText.isEmpty ? defaultPort : Int(portText), (1...65_535).contains(port) else {
            throw defect("the port must be 1 to 65535")
        }
        return (host.isEmpty ? "localhost" : String(host), port)
    }

    private static func decode(_ text: Substring) throws(BrokerError) -> String {
        var bytes: [UInt8] = []
        var input = Array(text.utf8)[...]
        while let byte = input.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard input.count >= 2, let high = hexDigit(input[input.startIndex]), let low = hexDigit(input[input.startIndex + 1]) else {
                throw defect("a % must be followed by two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
            input = input.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw defect("it is not UTF-8 once percent-decoded") }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The URL itself is not shown: it may hold a password.
    private static func defect(_ text: String) -> BrokerError {
        BrokerError(.invalidConfiguration, doing: "reading the RabbitMQ URL", text: text)
    }
}
