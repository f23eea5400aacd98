import Foundation
import Scoring

/// Reads a file, or standard input, line by line in bounded memory.
final class LineReader {
    /// A line of the file.
    struct Line {
        /// From 1.
        var number: Int
        /// Without its end; empty where the line is too long.
        var bytes: [UInt8]
        var isTooLong = false
    }

    private static let chunkBytes = 1 << 18

    let name: String
    private let handle: FileHandle
    private var chunk: [UInt8] = []
    private var position = 0
    private var number = 0

    /// - Parameter path: `-` = standard input.
    init(_ path: String) throws {
        guard path != "-" else {
            name = "standard input"
            handle = .standardInput
            return
        }
        guard let handle = FileHandle(forReadingAtPath: path) else { throw ConfigurationError("cannot read '\(path)'") }
        name = path
        self.handle = handle
    }

    /// The next line that is not blank; `nil` behind the last.
    func next() throws -> Line? {
        while let line = try nextLine() {
            if line.isTooLong || !line.bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { return line }
        }
        return nil
    }

    private func nextLine() throws -> Line? {
        var line = Line(number: number + 1, bytes: [])
        var isThere = false
        while true {
            if position == chunk.count {
                chunk = try read()
                position = 0
                if chunk.isEmpty { break }
            }
            isThere = true
            let rest = chunk[position...]
            let end = rest.firstIndex(of: 0x0A) ?? chunk.endIndex
            if line.bytes.count + (end - position) > JobLimits.messageBytes {
                line.isTooLong = true
                line.bytes = []
            }
            if !line.isTooLong { line.bytes += rest[..<end] }
            position = min(end + 1, chunk.count)
            if end < chunk.endIndex { break }
        }
        guard isThere else { return nil }
        number += 1
        return line
    }

    private func read() throws -> [UInt8] {
        do {
            return try [UInt8](handle.read(upToCount: Self.chunkBytes) ?? Data())
        } catch {
            throw ConfigurationError("cannot read \(name): \(error.localizedDescription)")
        }
    }
}
