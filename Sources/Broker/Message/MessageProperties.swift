/// All properties of a message in the encoding of AMQP's header frame: what a message had, it has when it is published again.
///
/// AMQP 0-9-1 specification, 4.2.6.1: 16 flags, then the values that they announce in order.
package struct MessageProperties: Sendable, Equatable {
    /// In the order of their flags, from the highest bit down.
    private enum Property: Int, CaseIterable {
        case contentType, contentEncoding, headers, deliveryMode, priority, correlationID, replyTo, expiration, messageID, timestamp, type,
            userID, appID, clusterID

        var flag: UInt16 { 1 << UInt16(15 - rawValue) }
    }

    /// Flags and values.
    package private(set) var encoded: [UInt8]
    private var places: [Property: Range<Int>] = [:]

    /// Takes what a header frame holds; `nil` where it is not well-formed.
    package init?(encoded: [UInt8]) {
        self.encoded = encoded
        guard encoded.count >= 2 else { return nil }
        let flags = UInt16(encoded[0]) << 8 | UInt16(encoded[1])
        // The lower bits announce more flags, which no property of this class needs.
        guard flags & 0b11 == 0 else { return nil }
        var position = 2
        for property in Property.allCases where flags & property.flag != 0 {
            guard let length = Self.length(of: property, in: encoded, at: position), position + length <= encoded.count else { return nil }
            places[property] = position..<position + length
            position += length
        }
        guard position == encoded.count else { return nil }
    }

    private static func length(of property: Property, in bytes: [UInt8], at position: Int) -> Int? {
        switch property {
        case .deliveryMode, .priority: return 1
        case .timestamp: return 8
        case .headers:
            guard position + 4 <= bytes.count else { return nil }
            return 4 + bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        default: return position < bytes.count ? 1 + Int(bytes[position]) : nil
        }
    }

    package var messageID: String? { shortText(.messageID) }
    package var contentType: String? { shortText(.contentType) }
    /// Seconds since the epoch.
    package var timestamp: Int64? {
        places[.timestamp].flatMap { Int64(exactly: encoded[$0].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
    }

    package var headers: FieldTable {
        FieldTable(places[.headers].map { encoded[$0.dropFirst(4)] } ?? [])
    }

    private func shortText(_ property: Property) -> String? {
        places[property].map { String(decoding: encoded[$0.dropFirst()], as: UTF8.self) }
    }

    /// The same properties for another publishing: persistent, without the headers that `isDropped` names, with those of `added`.
    ///
    /// The user id goes too where it is not `user`: the broker takes no message in another's name.
    package func republished(droppingHeaders isDropped: (String) -> Bool, adding added: MessageHeaders, user: String) -> MessageProperties?
    {
        var table: [UInt8] = []
        for entry in headers where !isDropped(entry.name) { table += entry.encoded }
        table += added.encoded
        var flags: UInt16 = 0
        var values: [UInt8] = []
        for property in Property.allCases {
            var value: [UInt8]?
            switch property {
            case .deliveryMode: value = [2]
            case .headers where !table.isEmpty:
                value = withUnsafeBytes(of: UInt32(table.count).bigEndian) { Array($0) } + table
            case .headers: break
            case .userID where shortText(.userID) != user: break
            default: value = places[property].map { Array(encoded[$0]) }
            }
            guard let value else { continue }
            flags |= property.flag
            values += value
        }
        return MessageProperties(encoded: [UInt8(flags >> 8), UInt8(flags & 0xFF)] + values)
    }
}
