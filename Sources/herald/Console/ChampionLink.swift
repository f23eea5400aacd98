import Foundation

/// `models/champion`: the link to the version that scorers load.
struct ChampionLink {
    let models: String

    /// Replaces the link in one step: a reader sees the old version or the new one, never none.
    func point(to version: String) throws {
        let temporary = "\(models)/.champion-\(getpid())"
        unlink(temporary)
        guard symlink(version, temporary) == 0, rename(temporary, "\(models)/champion") == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw ConfigurationError("cannot point \(models)/champion to \(version): \(reason)")
        }
    }
}
