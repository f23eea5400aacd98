import Foundation

/// A file that appears whole or not at all, or standard output.
struct OutputFile {
    private let handle: FileHandle
    private let path: String?

    private var temporaryPath: String? { path.map { "\($0).part" } }

    /// - Parameter path: `-` = standard output.
    init(_ path: String) throws {
        guard path != "-" else {
            self.path = nil
            handle = .standardOutput
            return
        }
        self.path = path
        let temporaryPath = "\(path).part"
        guard FileManager.default.createFile(atPath: temporaryPath, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporaryPath)
        else { throw ConfigurationError("cannot write '\(path)': does its folder exist, and may you write there?") }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws {
        try handle.write(contentsOf: bytes)
    }

    /// Gives the file its name.
    func finish() throws {
        guard let path, let temporaryPath else { return }
        try handle.close()
        guard rename(temporaryPath, path) == 0 else {
            throw ConfigurationError("cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
    }
}
