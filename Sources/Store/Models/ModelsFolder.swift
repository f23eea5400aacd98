internal import Foundation
internal import Scoring

/// `models/`: a folder for each version, and the links `champion` and `challenger`.
package struct ModelsFolder: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package func artifact(_ version: String) -> ArtifactFolder { ArtifactFolder("\(path)/\(version)") }

    /// Where the alias's link lies.
    func link(_ alias: ModelAlias) -> String { "\(path)/\(alias.rawValue)" }

    /// The versions that have a folder here, sorted.
    package func versions() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { Manifest.isFileName($0) && ModelAlias(rawValue: $0) == nil && holdsManifest($0) }.sorted()
    }

    func holds(_ version: String) -> Bool {
        var information = stat()
        return lstat("\(path)/\(version)", &information) == 0
    }

    private func holdsManifest(_ version: String) -> Bool {
        var information = stat()
        return stat("\(path)/\(version)/\(Manifest.fileName)", &information) == 0
    }

    /// The version that the alias's link names; `nil` where there is no link.
    package func version(of alias: ModelAlias) -> String? {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link(alias)) else { return nil }
        return target.split(separator: "/").last.map(String.init)
    }

    /// What changes when the link or the files behind it do: names, lengths and times.
    func fingerprint(of alias: ModelAlias) -> String {
        let files = [Manifest.fileName, Manifest.modelFileName, Manifest.lightGBMFileName].map { name in
            var information = stat()
            guard stat("\(link(alias))/\(name)", &information) == 0 else { return "absent" }
            let time = information.st_mtim
            return "\(information.st_ino)-\(information.st_size)-\(time.tv_sec).\(time.tv_nsec)"
        }
        return "\(version(of: alias) ?? "none") \(files.joined(separator: " "))"
    }

    /// Replaces the link in one step: a reader sees the old version or the new one, never none.
    func point(_ alias: ModelAlias, to version: String) throws(RegistryError) {
        let link = link(alias)
        var information = stat()
        guard lstat(link, &information) != 0 || information.st_mode & S_IFMT == S_IFLNK else {
            throw RegistryError(.unwritable, "\(link) is not a link; move it away")
        }
        let temporary = "\(path)/.\(alias.rawValue)-\(getpid())-\(String(UInt32.random(in: 0...(.max)), radix: 36))"
        guard symlink(version, temporary) == 0 else { throw unwritable(link) }
        guard rename(temporary, link) == 0 else {
            let error = unwritable(link)
            unlink(temporary)
            throw error
        }
        try synchronise(path)
    }

    /// Writes `models/<version>/` so that it is there whole or not at all; an intact copy that is there already is left as it is.
    ///
    /// - Parameters:
    ///   - fill: calls its argument with each file; nothing is kept where it throws.
    /// - Returns: whether it was written; `false` where somebody else was faster.
    func install(_ version: String, _ fill: ((_ name: String, _ contents: [UInt8]) throws -> Void) throws -> Void) throws -> Bool {
        let temporary = "\(path)/.\(version)-\(getpid())-\(String(UInt32.random(in: 0...(.max)), radix: 36))"
        guard mkdir(path, 0o755) == 0 || errno == EEXIST, mkdir(temporary, 0o755) == 0 else { throw unwritable(temporary) }
        do {
            try fill { name, contents in try write(contents, to: "\(temporary)/\(name)") }
            try synchronise(temporary)
            let isNew = rename(temporary, "\(path)/\(version)") == 0
            guard isNew || errno == EEXIST || errno == ENOTEMPTY else { throw unwritable("\(path)/\(version)") }
            if !isNew { try FileManager.default.removeItem(atPath: temporary) }
            try synchronise(path)
            return isNew
        } catch {
            // Hidden and named after this process; the error that matters is the first.
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
    }

    /// Gives a broken copy another, hidden name, so that a good one can take its place; nothing is deleted.
    func setAside(_ version: String) throws(RegistryError) {
        let name = "\(path)/.\(version)-broken-\(String(UInt32.random(in: 0...(.max)), radix: 36))"
        guard rename("\(path)/\(version)", name) == 0 || errno == ENOENT else { throw unwritable("\(path)/\(version)") }
    }

    /// Runs `body` while no other process changes links or history here; waits for them, 5 s at most.
    func locked<Result>(_ body: () throws(RegistryError) -> Result) throws(RegistryError) -> Result {
        let path = "\(path)/.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(path) }
        // Closing gives the lock back.
        defer { close(descriptor) }
        var tries = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw unwritable(path) }
            guard tries < 500 else { throw RegistryError(.unwritable, "\(path) is locked by another process; try again") }
            tries += 1
            usleep(10_000)
        }
        return try body()
    }

    private func write(_ bytes: [UInt8], to path: String) throws(RegistryError) {
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
    func synchronise(_ path: String) throws(RegistryError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unwritable(path) }
    }

    func unwritable(_ path: String) -> RegistryError {
        RegistryError(.unwritable, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
