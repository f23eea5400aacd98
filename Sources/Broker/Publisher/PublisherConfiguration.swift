/// How a publisher publishes.
package struct PublisherConfiguration: Sendable {
    package var url: BrokerURL
    /// Shown by the broker's tools.
    package var connectionName: String
    /// Messages in flight: published and not yet confirmed, 1–1024.
    package var windowMessages: Int = 1024
    /// Bytes in flight.
    package var windowBytes: Int = 8 * 1024 * 1024
    /// `publish` blocks while so many messages are accepted and not settled.
    package var pendingMessages: Int = 4096
    /// `publish` blocks while so many bytes are accepted and not settled.
    package var pendingBytes: Int = 32 * 1024 * 1024
    /// Longest body, bytes.
    package var bodyLimit: Int = 2 * 1024 * 1024
    /// A message unconfirmed for so long means that the connection is broken.
    package var confirmTimeout: Duration = .seconds(15)
    /// Waits before a refused message is sent again: first and longest.
    package var refusalWait: (first: Duration, longest: Duration) = (.milliseconds(50), .seconds(5))
    /// Waits between attempts to connect: first and longest.
    package var reconnectWait: (first: Duration, longest: Duration) = (.milliseconds(50), .seconds(1))

    package init(url: BrokerURL, connectionName: String = "herald publisher") {
        self.url = url
        self.connectionName = connectionName
    }

    /// Throws if a value is out of range or two contradict each other.
    func validate() throws(BrokerError) {
        func demand(_ holds: Bool, _ text: String) throws(BrokerError) {
            guard holds else { throw BrokerError(.invalidConfiguration, doing: "configuring the publisher", text: text) }
        }
        try demand((1...1024).contains(windowMessages), "windowMessages must be 1 to 1024, not \(windowMessages)")
        try demand(windowBytes >= 1 && windowBytes <= 1 << 28, "windowBytes must be 1 byte to 256 MiB")
        try demand(pendingMessages >= windowMessages, "pendingMessages must not be below windowMessages")
        try demand(pendingBytes >= windowBytes && pendingBytes <= 1 << 31, "pendingBytes must be windowBytes to 2 GiB")
        try demand((1...1 << 30).contains(bodyLimit), "bodyLimit must be 1 byte to 1 GiB")
        try demand(confirmTimeout >= .seconds(1), "confirmTimeout must be at least 1 s")
        try demand(refusalWait.first > .zero, "the first wait after a refusal must be above 0")
        try demand(reconnectWait.first > .zero, "the first reconnect wait must be above 0")
    }
}
