/// Writes BSON documents, one after the other, into one buffer that only grows.
///
/// Encodes what Herald's documents are made of and nothing else. Keys come from the source, so they contain no NUL; strings may.
/// The layout is that of bsonspec.org, version 1.1; all numbers little-endian.
package struct DocumentWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0

    package init(capacity: Int = 8192) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit {
        base.deallocate()
    }

    /// Begins a new document in place of the last one.
    package mutating func begin() {
        count = 0
        reserve(4)
        count = 4
    }

    /// Ends the document.
    ///
    /// More than 2 GiB cannot happen: callers limit what they write long before.
    package mutating func end() {
        close(at: 0)
    }

    /// Takes a finished document in place of the last one.
    package mutating func replace(with document: Document) {
        count = 0
        reserve(document.bytes.count)
        document.bytes.withUnsafeBytes { append($0) }
    }

    /// Bytes written so far.
    package var length: Int { count }

    /// The finished document; valid until the next write.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// A copy of the finished document.
    package var document: Document { Document(bytes: Array(bytes)) }

    package mutating func string(_ key: StaticString, _ value: String) {
        header(0x02, key)
        text(value)
    }

    package mutating func double(_ key: StaticString, _ value: Double) {
        header(0x01, key)
        reserve(8)
        put(value.bitPattern)
    }

    package mutating func int32(_ key: StaticString, _ value: Int32) {
        header(0x10, key)
        reserve(4)
        put(value)
    }

    package mutating func int64(_ key: StaticString, _ value: Int64) {
        header(0x12, key)
        reserve(8)
        put(value)
    }

    /// Milliseconds since the epoch.
    package mutating func date(_ key: StaticString, _ milliseconds: Int64) {
        header(0x09, key)
        reserve(8)
        put(milliseconds)
    }

    package mutating func bool(_ key: StaticString, _ value: Bool) {
        header(0x08, key)
        reserve(1)
        put(value ? 1 as UInt8 : 0)
    }

    /// Bytes without a meaning to the server (subtype 0).
    package mutating func binary(_ key: StaticString, _ value: ArraySlice<UInt8>) {
        header(0x05, key)
        reserve(value.count + 5)
        put(Int32(truncatingIfNeeded: value.count))
        put(0 as UInt8)
        value.withUnsafeBytes { append($0) }
    }

    package mutating func null(_ key: StaticString) {
        header(0x0A, key)
    }

    /// Opens a document within the document; give the result to `close(at:)`.
    package mutating func openDocument(_ key: StaticString) -> Int {
        header(0x03, key)
        return open()
    }

    /// Opens an array; fill it with `element…`, indexes ascending from 0, and give the result to `close(at:)`.
    package mutating func openArray(_ key: StaticString) -> Int {
        header(0x04, key)
        return open()
    }

    /// Opens a document as an array's element.
    package mutating func openElementDocument(_ index: Int) -> Int {
        header(0x03, index)
        return open()
    }

    package mutating func close(at start: Int) {
        reserve(1)
        base.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
        count += 1
        base.storeBytes(of: Int32(truncatingIfNeeded: count - start).littleEndian, toByteOffset: start, as: Int32.self)
    }

    package mutating func element(_ index: Int, string value: String) {
        header(0x02, index)
        text(value)
    }

    package mutating func element(_ index: Int, double value: Double) {
        header(0x01, index)
        put(value.bitPattern)
    }

    package mutating func element(_ index: Int, int32 value: Int32) {
        header(0x10, index)
        put(value)
    }

    /// A whole document as an array's element.
    package mutating func element(_ index: Int, document: Document) {
        header(0x03, index)
        reserve(document.bytes.count)
        document.bytes.withUnsafeBytes { append($0) }
    }

    package mutating func elementNull(_ index: Int) {
        header(0x0A, index)
    }

    private mutating func open() -> Int {
        reserve(4)
        count += 4
        return count - 4
    }

    private mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { text in
            reserve(text.count + 5)
            put(Int32(truncatingIfNeeded: text.count + 1))
            append(UnsafeRawBufferPointer(text))
            base.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
            count += 1
        }
    }

    private mutating func header(_ type: UInt8, _ key: StaticString) {
        let length = key.utf8CodeUnitCount
        reserve(length + 2)
        base.storeBytes(of: type, toByteOffset: count, as: UInt8.self)
        (base + count + 1).copyMemory(from: key.utf8Start, byteCount: length)
        base.storeBytes(of: 0, toByteOffset: count + 1 + length, as: UInt8.self)
        count += length + 2
    }

    /// An array's element: its key is the index in decimal digits.
    ///
    /// Leaves room for a number behind it.
    private mutating func header(_ type: UInt8, _ index: Int) {
        reserve(32)
        base.storeBytes(of: type, toByteOffset: count, as: UInt8.self)
        count += 1
        var digits = 1
        var limit = 10
        while index >= limit {
            digits += 1
            limit *= 10
        }
        var rest = index
        for position in stride(from: digits - 1, through: 0, by: -1) {
            base.storeBytes(of: UInt8(0x30 + rest % 10), toByteOffset: count + position, as: UInt8.self)
            rest /= 10
        }
        count += digits
        base.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        (base + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        base.storeBytes(of: value.littleEndian, toByteOffset: count, as: type(of: value))
        count += MemoryLayout.size(ofValue: value)
    }

    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(toHold: count + more) }
    }

    private mutating func grow(toHold needed: Int) {
        let larger = max(needed, 2 * capacity)
        let replacement = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        replacement.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = replacement
        capacity = larger
    }
}
