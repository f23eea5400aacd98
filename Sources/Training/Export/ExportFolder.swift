internal import Foundation
internal import Glibc
internal import Scoring

/// A folder of CSV files that appears whole or not at all.
///
/// The files lie in `rows/`, so that a reader of a whole folder meets nothing but rows.
final class ExportFolder {
    /// Bytes gathered before they are written.
    private static let bufferBytes = 1 << 20

    private let path: String
    private let partialPath: String
    private var part: FileHandle?
    private var buffer = ""
    private var isFinished = false

    /// - Throws: `TrainingError.unwritable` where something is there already: files of an older export would pass for this one's.
    init(_ path: String) throws {
        self.path = path
        let url = URL(fileURLWithPath: path)
        partialPath = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(getpid()).partial").path
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue, (try? manager.contentsOfDirectory(atPath: path))?.isEmpty == true else {
                throw TrainingError(.unwritable, "\(path) is not an empty folder: name one that is not there yet")
            }
        }
        do {
            try manager.createDirectory(atPath: "\(partialPath)/rows", withIntermediateDirectories: true)
        } catch {
            throw TrainingError(.unwritable, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    deinit {
        // Hidden, and named after this process.
        if !isFinished { try? FileManager.default.removeItem(atPath: partialPath) }
    }

    func beginPart(_ number: Int, header: String) throws(TrainingError) {
        try endPart()
        let name = "\(partialPath)/rows/part-\(String(format: "%05d", number)).csv"
        guard FileManager.default.createFile(atPath: name, contents: nil), let handle = FileHandle(forWritingAtPath: name) else {
            throw unwritable()
        }
        part = handle
        buffer = header
    }

    func write(_ row: String) throws(TrainingError) {
        buffer += row
        if buffer.utf8.count >= Self.bufferBytes { try flush() }
    }

    /// Gives the folder its name.
    func finish(schema: FeatureSchema) throws {
        try endPart()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(schema).write(to: URL(fileURLWithPath: "\(partialPath)/schema.json"))
        try Data().write(to: URL(fileURLWithPath: "\(partialPath)/_SUCCESS"))
        // A folder can be renamed onto an empty one, and onto no other.
        guard rename(partialPath, path) == 0 else { throw unwritable() }
        isFinished = true
    }

    private func endPart() throws(TrainingError) {
        guard let part else { return }
        try flush()
        guard fsync(part.fileDescriptor) == 0, (try? part.close()) != nil else { throw unwritable() }
        self.part = nil
    }

    private func flush() throws(TrainingError) {
        do {
            try part?.write(contentsOf: Data(buffer.utf8))
        } catch {
            throw TrainingError(.unwritable, "\(path) cannot be written: \(error.localizedDescription)")
        }
        buffer = ""
    }

    private func unwritable() -> TrainingError {
        TrainingError(.unwritable, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
