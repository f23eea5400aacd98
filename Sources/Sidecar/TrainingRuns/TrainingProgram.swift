internal import Foundation
internal import Scoring

/// How `herald train` is started for a run.
package struct TrainingProgram: Sendable {
    /// Path of the program.
    package var executable: String
    /// Folder of the registry, which gets the artifact.
    package var modelsFolder: String
    /// Folder that CSV files are read from; `nil` = none are.
    package var dataFolder: String?
    /// The configuration that the run needs, secrets among it, as environment variables: nothing of it is on the command line.
    package var configuration: [String: String]
    /// The configuration file, where one was named.
    package var configurationFile: String?

    package init(
        executable: String, modelsFolder: String, dataFolder: String?, configuration: [String: String], configurationFile: String? = nil
    ) {
        self.executable = executable
        self.modelsFolder = modelsFolder
        self.dataFolder = dataFolder
        self.configuration = configuration
        self.configurationFile = configurationFile
    }

    /// What a program needs of the sidecar's own environment to start, and to tell time and text as the sidecar does.
    private static let inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH"]

    /// The whole environment of the child.
    package func environment(of own: [String: String]) -> [String: String] {
        own.filter { Self.inherited.contains($0.key) }.merging(configuration) { $1 }
    }

    /// The arguments for a request.
    ///
    /// - Parameters:
    ///   - champion: version in the models folder to compare with; `nil` = none.
    ///   - author: who asks.
    /// - Throws: `Problem` where the file cannot be read.
    package func arguments(
        _ request: TrainingRequest, version: String, champion: String?, author: String
    ) throws(Problem) -> [String] {
        var arguments = ["train", "--supervised", "--progress", "json", "--models", modelsFolder, "--version=\(version)"]
        switch request.source {
        case .mongodb: arguments += ["--from", "mongodb"]
        case .file(let path): arguments += ["--from", try file(path)]
        }
        if let since = request.since { arguments += ["--since", since.rfc3339] }
        if let until = request.until { arguments += ["--until", until.rfc3339] }
        if let champion { arguments += ["--against", "\(modelsFolder)/\(champion)"] }
        if request.isChallenger { arguments.append("--challenger") }
        arguments += request.options
        arguments.append("--as=\(author)")
        if let reason = request.reason { arguments.append("--reason=\(reason)") }
        if let configurationFile { arguments += ["--config", configurationFile] }
        return arguments
    }

    /// The real path of a file below the data folder: links do not lead out of it.
    private func file(_ path: String) throws(Problem) -> String {
        guard let dataFolder else {
            throw Problem(.conflict, "http.data-folder is not set, so only \"from\": \"mongodb\" can be trained on", field: "from")
        }
        guard let folder = Self.realPath(dataFolder) else {
            throw Problem(.conflict, "the folder of http.data-folder cannot be read", field: "from")
        }
        guard let found = Self.realPath("\(folder)/\(path)"), found.hasPrefix(folder + "/") else {
            throw Problem(.conflict, "there is no file '\(path)' in the data folder", field: "from")
        }
        var information = stat()
        guard stat(found, &information) == 0, information.st_mode & S_IFMT == S_IFREG, access(found, R_OK) == 0 else {
            throw Problem(.conflict, "'\(path)' in the data folder is no file that can be read", field: "from")
        }
        return found
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
