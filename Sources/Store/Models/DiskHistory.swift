internal import Foundation
internal import Scoring

/// The history in `models/events.ndjson`, one JSON object a line, and the links that follow it.
///
/// Without a database the links are what scorers look at, so a change is appended and the link moved under one lock. A crash between the
/// two leaves the old link, which the next change finds and takes over (`imported`): the link wins.
struct DiskHistory: ModelHistory {
    static let fileName = "events.ndjson"
    /// Largest history that is read, in bytes: some hundred thousand entries.
    private static let largest = 64 << 20

    let folder: ModelsFolder

    private var path: String { "\(folder.path)/\(Self.fileName)" }

    func events(limit: Int) throws(RegistryError) -> [ModelEvent] {
        try Array(read().suffix(limit))
    }

    func changes(of alias: ModelAlias, limit: Int) throws(RegistryError) -> [ModelEvent] {
        try Array(read().filter { $0.place?.alias == alias }.suffix(limit))
    }

    func append(_ event: ModelEvent) throws(RegistryError) -> Bool {
        try folder.locked { () throws(RegistryError) in
            guard try !read().contains(where: { $0.id == event.id }) else { return false }
            guard let place = event.place else {
                try write(event)
                return true
            }
            // Moved since it was looked at: by hand, or by somebody who held the lock then.
            let isFound = event.kind == .imported
            guard folder.version(of: place.alias) == (isFound ? event.to : event.from) else { return false }
            try write(event)
            if !isFound { try folder.point(place.alias, to: event.to) }
            return true
        }
    }

    /// A line that was cut short by a crash is passed over.
    private func read() throws(RegistryError) -> [ModelEvent] {
        var bytes: [UInt8] = []
        do throws(ModelError) {
            guard let file = try RegularFile(path: path) else { return [] }
            bytes = try file.contents(atMost: Self.largest)
        } catch {
            throw RegistryError(.damaged, "\(path): \(error.message)")
        }
        let decoder = JSONDecoder()
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? decoder.decode(ModelEvent.self, from: Data($0)) }
    }

    private func write(_ event: ModelEvent) throws(RegistryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(event) else { throw RegistryError(.unwritable, "\(path): the entry is not valid text") }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw folder.unwritable(path) }
        defer { close(descriptor) }
        // After a line that was cut short, the next one begins on a line of its own.
        var last: UInt8 = 0x0A
        let size = lseek(descriptor, 0, SEEK_END)
        if size > 0 { _ = pread(descriptor, &last, 1, size - 1) }
        let bytes = (last == 0x0A ? [] : [0x0A]) + [UInt8](line) + [0x0A]
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else { throw folder.unwritable(path) }
        try folder.synchronise(folder.path)
    }
}
