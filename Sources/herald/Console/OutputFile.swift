import Foundation

/// A file that appears whole or not at all; standard output; or a device or pipe, which is written to as it is.
package final class OutputFile {
    private let handle: FileHandle
    /// `nil` where bytes go straight to their place.
    private let target: (path: String, temporaryPath: String)?
    private var isFinished = false

    /// - Parameter path: `-` = standard output.
    /// - Throws: `ConfigurationError` for an empty path, a folder, and what may not be written.
    package init(_ path: String) throws {
        guard !path.isEmpty else { throw ConfigurationError("an output file needs a name; '-' is standard output") }
        guard path != "-" else {
            handle = .standardOutput
            target = nil
            return
        }
        var information = stat()
        let kind = stat(path, &information) == 0 ? information.st_mode & S_IFMT : S_IFREG
        guard kind != S_IFDIR else { throw ConfigurationError("'\(path)' is a folder; name a file") }
        // Only a regular file can be replaced by another; a device or a pipe would be destroyed by it.
        target = kind == S_IFREG ? (path, "\(path).part") : nil
        let opened = target?.temporaryPath ?? path
        guard target == nil || FileManager.default.createFile(atPath: opened, contents: nil),
            let handle = FileHandle(forWritingAtPath: opened)
        else { throw ConfigurationError("cannot write '\(path)': does its folder exist, and may you write there?") }
        self.handle = handle
    }

    deinit {
        if !isFinished, let target { unlink(target.temporaryPath) }
    }

    package func write(_ bytes: [UInt8]) throws {
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            throw ConfigurationError("cannot write '\(target?.path ?? "the output")': \(error.localizedDescription)")
        }
    }

    /// Gives the file its name.
    package func finish() throws {
        guard let target else { return }
        try handle.close()
        guard rename(target.temporaryPath, target.path) == 0 else {
            throw ConfigurationError("cannot write '\(target.path)': \(String(cString: strerror(errno)))")
        }
        isFinished = true
    }
}
