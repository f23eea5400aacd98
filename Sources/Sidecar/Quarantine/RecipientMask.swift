internal import Foundation

/// A message's body in which no field `recipient` says anything any more.
package struct RecipientMask: Equatable {
    /// What stands in place of a value.
    package static let replacement = "\"***\""

    /// With every value of a field `recipient`, at any depth, replaced.
    package let bytes: [UInt8]
    /// Whether the body is JSON, so that every such field was found; of anything else nobody can say where a recipient may stand.
    package let isJSON: Bool

    package init(_ body: [UInt8]) {
        isJSON = Self.isJSON(body)
        let masked = Self.maskTokens(body)
        bytes = isJSON ? masked : Self.maskText(masked)
    }

    /// Foundation also reads UTF-16 and UTF-32, in which a scan for bytes finds nothing: those are not taken for JSON here.
    private static func isJSON(_ body: [UInt8]) -> Bool {
        guard !body.contains(0), String(validating: body, as: UTF8.self) != nil else { return false }
        // That it cannot be read is the answer.
        return (try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)) != nil
    }

    private static let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]

    // MARK: JSON

    /// Goes from string to string as a reader of JSON does.
    private static func maskTokens(_ body: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        masked.reserveCapacity(body.count)
        var position = 0
        while position < body.count {
            guard body[position] == UInt8(ascii: "\"") else {
                masked.append(body[position])
                position += 1
                continue
            }
            let end = endOfString(body, from: position)
            masked += body[position..<end]
            if isRecipient(body[position..<end]), let value = startOfValue(body, after: end) {
                masked += body[end..<value]
                masked += replacement.utf8
                position = endOfValue(body, from: value)
            } else {
                position = end
            }
        }
        return masked
    }

    /// Behind the closing quote, or the end.
    private static func endOfString(_ body: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while position < body.count {
            if body[position] == UInt8(ascii: "\"") { return position + 1 }
            position += body[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return body.count
    }

    private static func isRecipient(_ string: ArraySlice<UInt8>) -> Bool {
        // The longest spelling has six bytes for each of nine letters.
        guard string.count <= 2 + 6 * 9 else { return false }
        // What is no string with valid escapes is compared as it stands.
        let name = try? JSONSerialization.jsonObject(with: Data(string), options: .fragmentsAllowed) as? String
        return (name ?? String(decoding: string.dropFirst().dropLast(), as: UTF8.self)).lowercased() == "recipient"
    }

    private static func startOfValue(_ body: [UInt8], after end: Int) -> Int? {
        var position = end
        while position < body.count, space.contains(body[position]) { position += 1 }
        guard position < body.count, body[position] == UInt8(ascii: ":") else { return nil }
        position += 1
        while position < body.count, space.contains(body[position]) { position += 1 }
        return position
    }

    private static func endOfValue(_ body: [UInt8], from start: Int) -> Int {
        var depth = 0
        var position = start
        while position < body.count {
            switch Unicode.Scalar(body[position]) {
            case "\"":
                position = endOfString(body, from: position)
                if depth == 0 { return position }
                continue
            case "{", "[": depth += 1
            case "}", "]":
                if depth == 0 { return position }
                depth -= 1
                if depth == 0 { return position + 1 }
            case ",", " ", "\t", "\n", "\r": if depth == 0 { return position }
            default: break
            }
            position += 1
        }
        return body.count
    }

    // MARK: Anything else

    /// Looks for the name wherever it stands, however it is quoted, with `:` or `=` behind it.
    private static func maskText(_ body: [UInt8]) -> [UInt8] {
        let name = Array("recipient".utf8)
        var masked: [UInt8] = []
        masked.reserveCapacity(body.count)
        var position = 0
        while position < body.count {
            let end = position + name.count
            if end <= body.count, (0..<name.count).allSatisfy({ body[position + $0] | 0x20 == name[$0] }),
                let value = startOfLooseValue(body, after: end)
            {
                masked += body[position..<value]
                masked += replacement.utf8
                position = endOfLooseValue(body, from: value)
            } else {
                masked.append(body[position])
                position += 1
            }
        }
        return masked
    }

    private static let quotes = Set("\"'`\\".utf8)

    private static func startOfLooseValue(_ body: [UInt8], after end: Int) -> Int? {
        var position = end
        while position < body.count, space.contains(body[position]) || quotes.contains(body[position]) { position += 1 }
        guard position < body.count, body[position] == UInt8(ascii: ":") || body[position] == UInt8(ascii: "=") else { return nil }
        position += 1
        while position < body.count, space.contains(body[position]) { position += 1 }
        return position
    }

    private static func endOfLooseValue(_ body: [UInt8], from start: Int) -> Int {
        var position = start
        while position < body.count, body[position] == UInt8(ascii: "\\") { position += 1 }
        if position < body.count, quotes.contains(body[position]) {
            let quote = body[position]
            let closing = body[(position + 1)...].firstIndex(of: quote)
            return closing.map { $0 + 1 } ?? body.count
        }
        let ends = Set(",}]\n".utf8)
        return body[position...].firstIndex { ends.contains($0) } ?? body.count
    }
}
