package import Broker
internal import CAMQPShim

/// Publishes messages whose header tables no client library would build, as raw frames.
package struct RawPublisher {
    /// Of a body that one frame carries; the broker's limit is 131 072 with the frame itself.
    private static let frameBytes = 131_000

    private let connection: OpaquePointer

    package init(_ url: BrokerURL) throws {
        var intake = camqp_intake()
        intake.body_limit = 1000
        guard let created = camqp_create(&intake) else { throw FaultError("no memory for a connection") }
        connection = created
        var options = camqp_options()
        options.port = Int32(url.port)
        options.heartbeat_seconds = 10
        options.connect_timeout_seconds = 5
        options.rpc_timeout_seconds = 10
        options.user_timeout_milliseconds = 20_000
        let status = url.host.withCString { host in
            url.virtualHost.withCString { virtualHost in
                url.user.withCString { user in
                    url.password.withCString { password in
                        "raw publisher".withCString { name in
                            options.host = host
                            options.virtual_host = virtualHost
                            options.user = user
                            options.password = password
                            options.connection_name = name
                            return camqp_connect(connection, &options)
                        }
                    }
                }
            }
        }
        guard status == 0, camqp_confirm_select(connection) == 0 else { throw FaultError("no connection to publish raw frames on") }
    }

    /// Publishes `body` to a queue with a header table given as encoded entries, and waits for the confirm.
    package func publish(_ body: String, to queue: String, headers table: [UInt8], messageID: String) throws {
        let shortQueue = [UInt8(queue.utf8.count)] + Array(queue.utf8)
        var frames = Self.frame(1, [0, 60, 0, 40, 0, 0, 0] + shortQueue + [1])
        let flags: UInt16 = 1 << 13 | 1 << 12 | 1 << 7
        var header: [UInt8] = [0, 60, 0, 0] + Self.bigEndian(UInt64(body.utf8.count)) + Self.bigEndian(flags)
        header += Self.bigEndian(UInt32(table.count)) + table
        header += [2, UInt8(messageID.utf8.count)] + Array(messageID.utf8)
        frames += Self.frame(2, header)
        var rest = Array(body.utf8)[...]
        while !rest.isEmpty {
            frames += Self.frame(3, Array(rest.prefix(Self.frameBytes)))
            rest = rest.dropFirst(Self.frameBytes)
        }
        let status = frames.withUnsafeBytes { camqp_send_raw(connection, camqp_bytes(bytes: $0.baseAddress, length: $0.count)) }
        guard status == 0, camqp_flush_all(connection) == 0 else { throw FaultError("raw frames were not sent") }
        var event = camqp_event()
        var count: Int32 = 0
        while count == 0 {
            guard camqp_wait(connection, -1, true, 10_000_000_000) != 0 else {
                throw FaultError("the broker did not confirm '\(messageID)'")
            }
            count = Int32(camqp_read(connection, &event, 1, 1 << 20))
        }
        guard count == 1, event.kind == UInt8(CAMQP_EVENT_ACK.rawValue) else {
            throw FaultError("the broker did not take '\(messageID)'")
        }
    }

    package func close() {
        _ = camqp_close(connection)
        camqp_destroy(connection)
    }

    /// An entry `key` → long string of `bytes` letters.
    package static func text(_ key: String, bytes: Int) -> [UInt8] {
        name(key) + [UInt8(ascii: "S")] + bigEndian(UInt32(bytes)) + [UInt8](repeating: 0x61, count: bytes)
    }

    /// An entry `key` → 64-bit number.
    package static func number(_ key: String, _ number: Int64) -> [UInt8] {
        name(key) + [UInt8(ascii: "l")] + bigEndian(number)
    }

    /// An entry that holds a table that holds a table … `depth` times; every inner key is empty.
    package static func nested(_ key: String, depth: Int) -> [UInt8] {
        var entry: [UInt8] = []
        entry.reserveCapacity(depth * 6 + 100)
        for level in stride(from: depth - 1, through: 0, by: -1) {
            entry += (level == depth - 1 ? name(key) : [0]) + [UInt8(ascii: "F")] + bigEndian(UInt32(level * 6))
        }
        return entry
    }

    private static func name(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private static func frame(_ type: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [type, 0, 1] + bigEndian(UInt32(payload.count)) + payload + [0xCE]
    }
}
