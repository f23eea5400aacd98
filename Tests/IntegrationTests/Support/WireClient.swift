import Broker
import Foundation

/// A hand-written AMQP 0-9-1 client, good for one message: it sees headers with their types, and sends properties that are no text.
struct WireClient {
    /// A header's value with its AMQP type.
    enum Value: Equatable {
        /// `S`
        case text(String)
        /// `l`
        case integer(Int64)
        /// `d`
        case number(Double)
    }

    private struct Frame {
        var type: UInt8
        var payload: ArraySlice<UInt8>
    }

    private let descriptor: Int32

    /// Takes the first message of `queue` and returns its headers.
    ///
    /// - Throws: `Failure` where the queue is empty, or a header has a type that Herald never sends.
    static func takeHeaders(from queue: String, at url: BrokerURL) throws -> [String: Value] {
        let reader = try WireClient(url)
        defer { close(reader.descriptor) }
        try reader.logIn(url)
        // basic.get, without acknowledgement; the answer is get-ok, or get-empty (60, 72).
        try reader.call(60, 70, on: 1, [0, 0] + shortText(queue) + [1], answer: (60, 71))
        let header = try reader.frame()
        guard header.type == 2 else { throw Failure("a content header was due, not a frame of type \(header.type)") }
        return try headers(in: header.payload)
    }

    /// Publishes a message whose content type and message id are any bytes, at most 255 each, and waits until the broker has taken it.
    static func publish(_ body: [UInt8], contentType: [UInt8], messageID: [UInt8], to queue: String, at url: BrokerURL) throws {
        let client = try WireClient(url)
        defer { close(client.descriptor) }
        try client.logIn(url)
        // confirm.select; then basic.publish through the default exchange.
        try client.call(85, 10, on: 1, [0], answer: (85, 11))
        try client.method(60, 40, on: 1, [0, 0] + shortText("") + shortText(queue) + [0])
        let flags: UInt16 = 0x8000 | 0x1000 | 0x0080
        let properties = [UInt8(contentType.count)] + contentType + [2, UInt8(messageID.count)] + messageID
        let header = bytes(UInt16(60)) + bytes(UInt16(0)) + bytes(UInt64(body.count)) + bytes(flags) + properties
        try client.send([2] + bytes(UInt16(1)) + bytes(UInt32(header.count)) + header + [0xCE])
        try client.send([3] + bytes(UInt16(1)) + bytes(UInt32(body.count)) + body + [0xCE])
        try client.expect(60, 80)
    }

    private init(_ url: BrokerURL) throws {
        guard !url.usesTLS else { throw Failure("this client speaks no TLS; give the tests an amqp:// URL") }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var addresses: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(url.host, String(url.port), &hints, &addresses) == 0, let address = addresses?.pointee else {
            throw Failure("'\(url.host)' has no address")
        }
        defer { freeaddrinfo(addresses) }
        descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            close(descriptor)
            throw Failure("cannot connect to \(url)")
        }
    }

    private func logIn(_ url: BrokerURL) throws {
        try send(Array("AMQP".utf8) + [0, 0, 9, 1])
        try expect(10, 10)
        let response = [0] + Array(url.user.utf8) + [0] + Array(url.password.utf8)
        let properties = Self.bytes(UInt32(0))
        try call(
            10, 11, on: 0, properties + Self.shortText("PLAIN") + Self.bytes(UInt32(response.count)) + response + Self.shortText("en_US"),
            answer: (10, 30))
        // One channel, the usual frames, no heartbeats.
        try method(10, 31, on: 0, Self.bytes(UInt16(1)) + Self.bytes(UInt32(131_072)) + Self.bytes(UInt16(0)))
        try call(10, 40, on: 0, Self.shortText(url.virtualHost) + [0, 0], answer: (10, 41))
        try call(20, 10, on: 1, [0], answer: (20, 11))
    }

    /// Sends a method and reads the answer, which must be the method `answer`.
    private func call(_ family: UInt16, _ number: UInt16, on channel: UInt16, _ arguments: [UInt8], answer: (UInt16, UInt16)) throws {
        try method(family, number, on: channel, arguments)
        try expect(answer.0, answer.1)
    }

    private func method(_ family: UInt16, _ number: UInt16, on channel: UInt16, _ arguments: [UInt8]) throws {
        let payload = Self.bytes(family) + Self.bytes(number) + arguments
        try send([1] + Self.bytes(channel) + Self.bytes(UInt32(payload.count)) + payload + [0xCE])
    }

    private func expect(_ family: UInt16, _ number: UInt16) throws {
        var frame = try frame()
        let (foundFamily, foundNumber): (UInt16, UInt16) = (Self.take(&frame.payload), Self.take(&frame.payload))
        guard frame.type == 1, (foundFamily, foundNumber) == (family, number) else {
            throw Failure("method \(family).\(number) was due, not \(foundFamily).\(foundNumber)")
        }
    }

    private func frame() throws -> Frame {
        let head = try receive(7)
        var size = head[3...]
        return Frame(type: head[0], payload: try receive(Int(Self.take(&size) as UInt32) + 1).dropLast())
    }

    private func send(_ bytes: [UInt8]) throws {
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure("the broker closed the connection") }
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: count - bytes.count)
            let length = read(descriptor, &part, part.count)
            guard length > 0 else { throw Failure("the broker says nothing more") }
            bytes += part[..<length]
        }
        return bytes
    }

    /// Class, weight and body size, then the flags of the properties; of these content type, content encoding and headers come first.
    private static func headers(in payload: ArraySlice<UInt8>) throws -> [String: Value] {
        var rest = payload.dropFirst(12)
        let flags: UInt16 = take(&rest)
        for flag in [0x8000, 0x4000] as [UInt16] where flags & flag != 0 { _ = takeText(&rest, length: Int(take(&rest) as UInt8)) }
        guard flags & 0x2000 != 0 else { return [:] }
        let size: UInt32 = take(&rest)
        var table = rest.prefix(Int(size))
        var headers: [String: Value] = [:]
        while !table.isEmpty {
            let name = takeText(&table, length: Int(take(&table) as UInt8))
            let type: UInt8 = take(&table)
            switch Unicode.Scalar(type) {
            case "S": headers[name] = .text(takeText(&table, length: Int(take(&table) as UInt32)))
            case "l": headers[name] = .integer(take(&table))
            case "d": headers[name] = .number(Double(bitPattern: take(&table)))
            default: throw Failure("the header \(name) has the type \(Unicode.Scalar(type))")
            }
        }
        return headers
    }

    private static func take<Number: FixedWidthInteger>(_ bytes: inout ArraySlice<UInt8>) -> Number {
        defer { bytes = bytes.dropFirst(MemoryLayout<Number>.size) }
        return bytes.prefix(MemoryLayout<Number>.size).reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    private static func takeText(_ bytes: inout ArraySlice<UInt8>, length: Int) -> String {
        defer { bytes = bytes.dropFirst(length) }
        return String(decoding: bytes.prefix(length), as: UTF8.self)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private static func shortText(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
}
