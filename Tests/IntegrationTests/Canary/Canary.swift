import Foundation

/// A word that is nowhere else in the world, to stand in recipients, and the forms in which it would show where it does not belong.
struct Canary: Sendable {
    let word: String
    private let forms: [(name: String, bytes: [UInt8])]

    /// A new word of letters, or of digits as a telephone number has them.
    init(digits: Bool = false) {
        let alphabet = Array(digits ? "123456789" : "abcdefghijkmnpqrstuvwxyz23456789")
        let word = String((0..<11).map { _ in alphabet[Int.random(in: alphabet.indices)] })
        self.word = word
        forms = Self.forms(of: word)
    }

    private static func forms(of word: String) -> [(name: String, bytes: [UInt8])] {
        let bytes = Array(word.utf8)
        let hex = bytes.map { String($0, radix: 16) }
        var forms: [(String, [UInt8])] = [
            // Letters and digits are themselves in JSON, in URLs, forms and headers.
            ("itself", bytes),
            ("upper case", Array(word.uppercased().utf8)),
            ("hexadecimal", Array(hex.joined().utf8)),
            ("hexadecimal, upper case", Array(hex.joined().uppercased().utf8)),
            ("percent encoding", Array(hex.map { "%\($0)" }.joined().utf8)),
            ("percent encoding, upper case", Array(hex.map { "%\($0.uppercased())" }.joined().utf8)),
            ("JSON escapes", Array(hex.map { "\\u00\($0)" }.joined().utf8)),
            ("JSON escapes, upper case", Array(hex.map { "\\u00\($0.uppercased())" }.joined().utf8)),
            ("UTF-16", bytes.flatMap { [$0, 0] }),
            ("backwards", bytes.reversed()),
        ]
        // In base64 what stands before shifts it: of each shift the characters that the word alone decides.
        for shift in 0..<3 {
            let encoded = Array(Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString().utf8)
            let sure = Array(encoded[((shift * 8 + 5) / 6)..<((shift + bytes.count) * 8 / 6)])
            let url = sure.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
            forms.append(("base64, \(shift) behind", sure))
            forms.append(("base64 for URLs, \(shift) behind", url))
            // Base64 once more: a body in base64 in something that is.
            forms += again(sure)
        }
        return forms
    }

    private static func again(_ bytes: [UInt8]) -> [(String, [UInt8])] {
        (0..<3).map { shift in
            let encoded = Array(Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString().utf8)
            return ("base64 twice", Array(encoded[((shift * 8 + 5) / 6)..<((shift + bytes.count) * 8 / 6)]))
        }
    }

    /// The first form in which it stands in `bytes`, with what is around it; `nil` = it is not there.
    func found(in bytes: [UInt8]) -> String? {
        for (name, form) in forms {
            guard let position = bytes.position(of: form) else { continue }
            let around = bytes[max(0, position - 60)..<min(bytes.count, position + form.count + 40)]
            return "\(name): …\(String(decoding: around, as: UTF8.self))…"
        }
        return nil
    }
}

extension [UInt8] {
    /// Where `other` begins first.
    fileprivate func position(of other: [UInt8]) -> Int? {
        withUnsafeBytes { all in
            guard let start = all.baseAddress, let first = other.first else { return nil }
            var position = 0
            while position + other.count <= all.count {
                let rest = all.count - other.count + 1 - position
                guard let found = memchr(start + position, Int32(first), rest) else { return nil }
                position = UnsafeRawPointer(found) - start
                if memcmp(found, other, other.count) == 0 { return position }
                position += 1
            }
            return nil
        }
    }
}
