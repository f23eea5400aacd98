package import Scoring

extension Manifest {
    /// Name of the manifest's own file.
    package static let fileName = "manifest.json"
    /// Largest file of an artifact, in bytes: what the forest reader takes.
    package static let maximumFileBytes = 256 << 20
    /// Largest artifact, in bytes, and most files in it.
    package static let maximumArtifactBytes = 512 << 20
    package static let maximumFileCount = 64

    /// Checks what is said of the files before any of them is opened or written: a name leads nowhere else, and sizes are within bounds.
    func checkFiles() throws(ModelError) {
        guard files.count <= Self.maximumFileCount else {
            throw ModelError(.invalidValue, key: "files", "lists \(files.count), more than the \(Self.maximumFileCount) allowed")
        }
        var names: Set<String> = [Self.fileName]
        var total = 0
        for (index, file) in files.enumerated() {
            guard Self.isFileName(file.name), names.insert(file.name).inserted else {
                throw ModelError(
                    .invalidValue, key: "files.\(index).name", "is to be 1 to 64 letters, digits, '.', '_' and '-', each name once")
            }
            guard (0...Self.maximumFileBytes).contains(file.bytes) else {
                throw ModelError(
                    .invalidValue, key: "files.\(index).bytes", "is \(file.bytes); at most \(Self.maximumFileBytes) are allowed")
            }
            total += file.bytes
        }
        guard total <= Self.maximumArtifactBytes else {
            throw ModelError(.invalidValue, key: "files", "have \(total) bytes together; at most \(Self.maximumArtifactBytes) are allowed")
        }
    }

    /// Whether it can name a file, or a version's folder: 1 to 64 letters, digits, `.`, `_` and `-`, no dot first.
    static func isFileName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.first != "."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
