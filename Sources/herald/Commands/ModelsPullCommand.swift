import ArgumentParser
import Store

/// `herald models pull`: from MongoDB into the folder.
struct ModelsPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Bring a version from MongoDB to the models folder, and let the links there follow the registry.",
        discussion: "A broken copy in the folder is set aside under a hidden name.")

    @Argument(help: "The version.")
    var version: String

    @OptionGroup var registry: RegistryOptions

    func run() async throws {
        let (isWritten, folder) = try await registry.run { [version] registry in
            let isWritten = try registry.pull(version)
            for alias in ModelAlias.allCases { try registry.mirror(alias) }
            return (isWritten, registry.folder.path)
        }
        print("\(folder)/\(version) \(isWritten ? "was written" : "is intact")")
    }
}
