internal import Crypto
internal import Foundation

/// Reads a CSV file (RFC 4180, UTF-8) row by row, in memory that does not grow with the file.
///
/// Every row has as many fields as the header. A field may be quoted and may then hold commas, quotation marks (doubled) and line ends.
struct CSVReader {
    /// Longest row in bytes.
    static let maximumRowBytes = 1 << 16
    private static let chunkBytes = 1 << 20

    let path: String
    /// Size of the file in bytes when it was opened.
    let byteCount: Int
    /// Bytes consumed so far.
    private(set) var bytesRead = 0
    /// Line the current row begins on, from 1.
    private(set) var line = 0

    private let file: FileHandle
    private var chunk: [UInt8] = []
    private var position = 0
    private var nextLine = 1
    private var hash = SHA256()
    /// The current row's fields one behind the other, and where each ends.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(path: String) throws(AttemptLogError) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw AttemptLogError(path, "the file cannot be opened for reading")
        }
        self.path = path
        self.file = file
        do {
            byteCount = Int(try file.seekToEnd())
            try file.seek(toOffset: 0)
        } catch {
            throw AttemptLogError(path, "the file cannot be read: \(error.localizedDescription)")
        }
    }

    /// Number of fields of the current row.
    var fieldCount: Int { ends.count }

    /// The bytes of a field of the current row.
    func field(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Reads the next row; false at the end of the file.
    mutating func next() throws(AttemptLogError) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        line = nextLine
        guard var byte = try take() else { return false }
        while true {
            if byte == UInt8(ascii: "\""), bytes.count == (ends.last ?? 0) {
                try quotedField()
                guard let following = try take() else { break }
                byte = following
                guard Self.endsField(byte) else { throw AttemptLogError(path, line: line, "text after a closing quotation mark") }
            }
            switch byte {
            case UInt8(ascii: ","):
                ends.append(bytes.count)
            case 0x0A:
                endLine()
                return true
            case 0x0D:
                guard try take() == 0x0A else { throw AttemptLogError(path, line: line, "a carriage return that ends no line") }
                endLine()
                return true
            case UInt8(ascii: "\""):
                throw AttemptLogError(path, line: line, "a quotation mark inside a field that does not begin with one")
            default:
                try append(byte)
            }
            guard let following = try take() else { break }
            byte = following
        }
        // The last line need not end with a line end.
        ends.append(bytes.count)
        return true
    }

    /// SHA-256 of everything read so far: 64 lower-case hexadecimal digits.
    func sha256() -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private mutating func quotedField() throws(AttemptLogError) {
        while let byte = try take() {
            if byte != UInt8(ascii: "\"") {
                if byte == 0x0A { nextLine += 1 }
                try append(byte)
            } else if try peek() == byte {
                position += 1
                try append(byte)
            } else {
                return
            }
        }
        throw AttemptLogError(path, line: line, "the file ends inside a quoted field")
    }

    private mutating func endLine() {
        ends.append(bytes.count)
        nextLine += 1
    }

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D
    }

    private mutating func append(_ byte: UInt8) throws(AttemptLogError) {
        guard bytes.count < Self.maximumRowBytes else {
            throw AttemptLogError(path, line: line, "the row is longer than \(Self.maximumRowBytes) bytes")
        }
        bytes.append(byte)
    }

    private mutating func take() throws(AttemptLogError) -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        return byte
    }

    private mutating func peek() throws(AttemptLogError) -> UInt8? {
        if position == chunk.count { try refill() }
        return position < chunk.count ? chunk[position] : nil
    }

    private mutating func refill() throws(AttemptLogError) {
        do {
            let data = try file.read(upToCount: Self.chunkBytes) ?? Data()
            chunk = Array(data)
            hash.update(data: data)
        } catch {
            throw AttemptLogError(path, line: nextLine, "the file cannot be read: \(error.localizedDescription)")
        }
        position = 0
        bytesRead += chunk.count
    }
}
