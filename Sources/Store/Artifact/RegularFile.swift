internal import Foundation
internal import Scoring

/// An open regular file whose size is known before a byte of it is read: nothing else can be waited for or grow without limit.
struct RegularFile: ~Copyable {
    let path: String
    /// Bytes when it was opened.
    let size: Int
    private let descriptor: Int32

    /// Opens it; `nil` where there is none.
    ///
    /// - Parameter folder: descriptor of the folder that `name` is in.
    init?(name: String, in folder: Int32 = AT_FDCWD, path: String) throws(ModelError) {
        // Not blocking: opening a pipe would wait for somebody to write to it.
        let descriptor = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw Self.unreadable(path) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ModelError(.unreadableFile, key: path, "is not a regular file")
        }
        self.descriptor = descriptor
        self.path = path
        size = Int(information.st_size)
    }

    init?(path: String) throws(ModelError) {
        try self.init(name: path, path: path)
    }

    deinit {
        close(descriptor)
    }

    /// All of it; refused unread where it is larger than `limit` bytes, and where it ends before the size it had.
    consuming func contents(atMost limit: Int) throws(ModelError) -> [UInt8] {
        guard size <= limit else {
            throw ModelError(.invalidValue, key: path, "has \(size) bytes, more than the \(limit) allowed")
        }
        let (descriptor, size, path) = (descriptor, size, path)
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let read = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { break }
                count += read
            }
            isWhole = count == size
        }
        guard isWhole else { throw ModelError(.unreadableFile, key: path, "could not be read to its end") }
        return bytes
    }

    static func unreadable(_ path: String) -> ModelError {
        ModelError(.unreadableFile, key: path, "cannot be read: \(String(cString: strerror(errno)))")
    }
}
