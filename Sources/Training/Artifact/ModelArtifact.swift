internal import Foundation
internal import Glibc

/// Writes `models/<version>/` so that it is there whole or not at all.
struct ModelArtifact {
    let path: String
    private let modelsPath: String
    private let temporaryPath: String

    /// Throws `versionExists` where the version is already there; removes what runs that were killed have left.
    init(version: String, in modelsPath: String) throws(TrainingError) {
        self.modelsPath = modelsPath
        path = "\(modelsPath)/\(version)"
        temporaryPath = "\(modelsPath)/.\(version).\(getpid()).partial"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw TrainingError(.versionExists, "\(path) exists already; a version is never overwritten")
        }
        Self.removeLeftovers(in: modelsPath)
    }

    /// Removes the partial folders of processes that are no more.
    private static func removeLeftovers(in modelsPath: String) {
        // A folder that is not there has no leftovers; one that cannot be read is reported when it is written to.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: modelsPath)) ?? [] {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 4, parts[0].isEmpty, parts[parts.count - 1] == "partial", let process = Int32(parts[parts.count - 2]),
                process > 0, kill(process, 0) != 0, errno == ESRCH
            else { continue }
            // Should it not go, it is hidden and in nobody's way.
            try? FileManager.default.removeItem(atPath: "\(modelsPath)/\(name)")
        }
    }

    /// Writes the files to a folder beside the version's, runs `check` on what can be read back, makes it durable and renames it.
    func write(
        _ files: [(name: String, bytes: [UInt8])], check: (_ contents: (String) throws -> [UInt8]) throws -> Void
    ) throws {
        do {
            try FileManager.default.createDirectory(atPath: temporaryPath, withIntermediateDirectories: true)
        } catch {
            throw TrainingError(.unwritable, "\(modelsPath) cannot be written: \(error.localizedDescription)")
        }
        do {
            for file in files {
                try write(file.bytes, to: "\(temporaryPath)/\(file.name)")
            }
            try check { name in Array(try Data(contentsOf: URL(fileURLWithPath: "\(temporaryPath)/\(name)"))) }
            try synchronise(temporaryPath)
            // Fails if the version has come into being meanwhile: a folder is renamed only onto an empty one.
            guard rename(temporaryPath, path) == 0 else { throw unwritable(path) }
            try synchronise(modelsPath)
        } catch {
            // What is left over is hidden and named after this process; the error that matters is the first.
            try? FileManager.default.removeItem(atPath: temporaryPath)
            throw error
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(TrainingError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unwritable(path) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw unwritable(path) }
    }

    /// Makes a folder's entries durable.
    private func synchronise(_ path: String) throws(TrainingError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unwritable(path) }
    }

    private func unwritable(_ path: String) -> TrainingError {
        TrainingError(.unwritable, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
