internal import Foundation
package import Scoring

/// A model artifact on disk: `manifest.json` and the files it lists, in a folder of its own.
package struct ArtifactFolder: Sendable {
    package let path: String

    /// - Parameter path: the folder, or a link to it such as `models/champion`.
    package init(_ path: String) {
        self.path = path
    }

    /// Reads and checks the model: its manifest, and its file's size, checksum, trees and schema.
    ///
    /// Files that scoring does not need are left alone; `verify` checks them too. A link that is moved meanwhile does no harm.
    ///
    /// - Throws: `ModelError` naming the file or key.
    package func load() throws(ModelError) -> ScoringModel {
        try withFolder { folder throws(ModelError) in try load(manifest(in: folder), in: folder) }
    }

    /// Reads and checks the manifest.
    ///
    /// - Throws: `ModelError` naming the file or key.
    package func manifest() throws(ModelError) -> Manifest {
        try withFolder { folder throws(ModelError) in try Manifest(json: manifestBytes(in: folder)) }
    }

    /// The manifest's bytes, as they are.
    func manifestBytes() throws(ModelError) -> [UInt8] {
        try withFolder { folder throws(ModelError) in try manifestBytes(in: folder) }
    }

    /// Checks every file of the artifact against the manifest, and that the model loads.
    ///
    /// - Parameter take: gets each file, manifest first, when it has passed its check; one is in memory at a time.
    /// - Returns: the manifest.
    /// - Throws: `ModelError` naming the file or key, or what `take` throws.
    @discardableResult
    package func verify(_ take: (_ file: Manifest.File, _ contents: [UInt8]) throws -> Void = { _, _ in }) throws -> Manifest {
        let opened = try withFolder { folder throws(ModelError) in (dup(folder), try manifestBytes(in: folder)) }
        let (folder, bytes) = opened
        defer { close(folder) }
        let manifest = try Manifest(json: bytes)
        _ = try load(manifest, in: folder)
        try take(Manifest.File(name: Manifest.fileName, contents: bytes), bytes)
        for file in manifest.files { try take(file, contents(of: file, in: folder)) }
        return manifest
    }

    /// One file, which must have the size and checksum that the manifest gives it.
    ///
    /// - Throws: `ModelError` naming the file.
    func contents(of file: Manifest.File) throws(ModelError) -> [UInt8] {
        guard Manifest.isFileName(file.name) else { throw ModelError(.invalidValue, key: file.name, "is no name of a file") }
        return try withFolder { folder throws(ModelError) in try contents(of: file, in: folder) }
    }

    private func load(_ manifest: Manifest, in folder: Int32) throws(ModelError) -> ScoringModel {
        try manifest.checkFiles()
        let file = try manifest.modelFile
        return try ScoringModel(manifest: manifest, model: contents(of: file, in: folder))
    }

    private func manifest(in folder: Int32) throws(ModelError) -> Manifest {
        try Manifest(json: manifestBytes(in: folder))
    }

    private func manifestBytes(in folder: Int32) throws(ModelError) -> [UInt8] {
        let path = "\(path)/\(Manifest.fileName)"
        guard let file = try RegularFile(name: Manifest.fileName, in: folder, path: path) else { throw RegularFile.unreadable(path) }
        return try file.contents(atMost: Manifest.maximumByteCount)
    }

    /// A file that must have the size and checksum that the manifest gives it; refused unread where the size is another.
    private func contents(of file: Manifest.File, in folder: Int32) throws(ModelError) -> [UInt8] {
        let path = "\(path)/\(file.name)"
        guard let opened = try RegularFile(name: file.name, in: folder, path: path) else { throw RegularFile.unreadable(path) }
        guard opened.size == file.bytes else {
            throw ModelError(.checksumMismatch, key: path, "has \(opened.size) bytes, but the manifest says \(file.bytes)")
        }
        let bytes = try opened.contents(atMost: Manifest.maximumFileBytes)
        guard Checksum.sha256(bytes) == file.sha256 else {
            throw ModelError(.checksumMismatch, key: path, "is not the file that the manifest describes: its SHA-256 is another")
        }
        return bytes
    }

    private func withFolder<Result>(_ body: (Int32) throws(ModelError) -> Result) throws(ModelError) -> Result {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw RegularFile.unreadable("\(path)/\(Manifest.fileName)") }
        defer { close(folder) }
        return try body(folder)
    }
}
