import Foundation
import Glibc
import Scoring
import Store

/// A registry with three good versions in its folder, of which v1 is linked as the champion.
struct RegistryFixture {
    let registry: Registry
    let path: String

    /// Runs `body` on a registry of its own, with MongoDB or on disk alone.
    static func run(inDatabase: Bool, _ body: (RegistryFixture) throws -> Void) throws {
        try withFolder { path in
            func run(_ database: Database?) throws {
                let fixture = RegistryFixture(registry: Registry(folder: ModelsFolder(path), database: database), path: path)
                for (index, version) in ["v1", "v2", "v3"].enumerated() {
                    try ModelFixture(version: version, leaf: 0.5 + 0.1 * Double(index)).write(in: path)
                }
                try fixture.link("champion", to: "v1")
                try body(fixture)
            }
            if inDatabase { try withDatabase("registry") { try run($0) } } else { try run(nil) }
        }
    }

    func link(_ name: String, to version: String) throws {
        _ = Glibc.unlink("\(path)/\(name)")
        guard symlink(version, "\(path)/\(name)") == 0 else { throw POSIXError(.EIO) }
    }

    var champion: String? { get throws { try registry.standing(of: .champion)?.version } }

    /// The version that the folder's link names.
    var linked: String? { registry.folder.version(of: .champion) }

    /// The history as `kind from>to`.
    var story: [String] { get throws { try registry.events().map { "\($0.kind.rawValue) \($0.from ?? "-")>\($0.to)" } } }

    func order(_ by: String = "ann", forced: Bool = false, reason: String? = nil) -> Registry.Order {
        Registry.Order(by: by, at: Timestamp(milliseconds: year2100), reason: reason, isForced: forced)
    }

    /// Cuts a file of a version's copy on disk short.
    func cut(_ version: String, to bytes: Int = 100) throws {
        guard truncate("\(path)/\(version)/model.ubj", bytes) == 0 else { throw POSIXError(.EIO) }
    }
}
