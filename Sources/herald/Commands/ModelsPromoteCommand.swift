import ArgumentParser
import Store

/// `herald models promote`: make a version the champion.
struct ModelsPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make a version the champion; scorers that follow it change within 2 s, between two batches.",
        discussion: """
            Refused where the version's log loss is worse than the champion's beyond its interval, or where the two cannot be compared, \
            unless --force is given; a broken artifact is refused always.
            """)

    @Argument(help: "The version, in MongoDB or in the models folder.")
    var version: String

    @Flag(help: "Promote although its evaluation is worse or cannot be compared.")
    var force = false

    @OptionGroup var author: AuthorOptions
    @OptionGroup var registry: RegistryOptions

    func run() async throws {
        do {
            try await registry.run { [version, order = author.order(isForced: force)] in try $0.promote(version, order) }.show()
        } catch let error as RegistryError where error.code == .refused {
            throw RegistryError(error.code, "\(error.message); --force promotes it all the same")
        }
    }
}
