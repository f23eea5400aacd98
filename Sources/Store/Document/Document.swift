internal import CMongoC

/// A BSON document as this process holds it: its own bytes, independent of the driver's memory.
package struct Document: Equatable, Sendable {
    /// What an element holds, for the types that Herald stores or a server answers with.
    package enum Value: Equatable, Sendable {
        case double(Double)
        case string(String)
        case document(Document)
        case array(Document)
        /// Bytes of subtype 0.
        case binary([UInt8])
        case bool(Bool)
        /// Milliseconds since the epoch.
        case date(Int64)
        case null
        case int32(Int32)
        case int64(Int64)
        /// Any other BSON type, by its number.
        case other(Int32)
    }

    /// Length first, NUL last, as on the wire.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The document that extended JSON describes; the text is the program's own, so a defect in it shows in the first test.
    package init(json: String, doing: String) throws(StoreError) {
        var error = bson_error_t()
        var json = json
        let document = json.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { herald_document_from_json($0.baseAddress, $0.count, &error) }
        }
        guard document.bytes != nil else { throw StoreError(error, doing: doing) }
        self.init(taking: document)
    }

    /// Relaxed extended JSON; `{}` where the bytes are no document.
    package var json: String {
        guard let text = herald_document_to_json(bytes, UInt32(bytes.count)) else { return "{}" }
        defer { bson_free(text) }
        return String(cString: text)
    }

    /// Copies a document of the driver and frees it; an empty one where there is none.
    init(taking document: herald_document) {
        bytes =
            document.bytes.map { Array(UnsafeBufferPointer(start: $0, count: Int(document.length))) } ?? [5, 0, 0, 0, 0]
        bson_free(document.bytes)
    }

    /// Calls `body` with each element in order, until the end or the first byte that is not BSON.
    package func forEach(_ body: (_ key: String, _ value: Value) -> Void) {
        bytes.withUnsafeBufferPointer { buffer in
            var element = herald_element()
            while herald_bson_next(buffer.baseAddress, buffer.count, &element) {
                let key = String(
                    decoding: UnsafeRawBufferPointer(start: element.key, count: Int(element.key_length)), as: UTF8.self)
                body(key, Value(element))
            }
        }
    }

    /// The first element of that name.
    package subscript(_ key: String) -> Value? {
        var found: Value?
        forEach { name, value in
            if found == nil, name == key { found = value }
        }
        return found
    }

    /// The names of the elements, in order.
    package var keys: [String] {
        var keys: [String] = []
        forEach { key, _ in keys.append(key) }
        return keys
    }

    /// The values of an array.
    package var values: [Value] {
        var values: [Value] = []
        forEach { values.append($1) }
        return values
    }

    /// Whether the bytes are well-formed BSON throughout, with valid UTF-8.
    package var isValid: Bool {
        bytes.withUnsafeBufferPointer { herald_document_is_valid($0.baseAddress, UInt32($0.count)) }
    }
}

extension Document.Value {
    init(_ element: herald_element) {
        let bytes = UnsafeBufferPointer(start: element.bytes, count: element.bytes == nil ? 0 : Int(element.length))
        switch element.type {
        case 0x01: self = .double(element.number)
        case 0x02: self = .string(String(decoding: bytes, as: UTF8.self))
        case 0x03: self = .document(Document(bytes: Array(bytes)))
        case 0x04: self = .array(Document(bytes: Array(bytes)))
        case 0x05: self = .binary(Array(bytes))
        case 0x08: self = .bool(element.integer != 0)
        case 0x09: self = .date(element.integer)
        case 0x0A: self = .null
        case 0x10: self = .int32(Int32(truncatingIfNeeded: element.integer))
        case 0x12: self = .int64(element.integer)
        default: self = .other(element.type)
        }
    }

    /// A whole number of any width.
    package var integer: Int64? {
        switch self {
        case .int32(let value): Int64(value)
        case .int64(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var document: Document? {
        switch self {
        case .document(let value), .array(let value): value
        default: nil
        }
    }
}
