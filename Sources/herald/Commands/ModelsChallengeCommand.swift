import ArgumentParser
import Store

/// `herald models challenge`: make a version the challenger.
struct ModelsChallengeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "challenge", abstract: "Make a version the challenger, which is compared with the champion.")

    @Argument(help: "The version, in MongoDB or in the models folder.")
    var version: String

    @OptionGroup var author: AuthorOptions
    @OptionGroup var registry: RegistryOptions

    func run() async throws {
        try await registry.run { [version, order = author.order()] in try $0.challenge(version, order) }.show()
    }
}
