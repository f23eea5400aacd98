import ArgumentParser
import Store

/// `herald models rollback`: back to the champion before.
struct ModelsRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the previous champion the champion again; a second rollback goes further back.",
        discussion: "A version that is missing or broken is passed over, with a note.")

    @OptionGroup var author: AuthorOptions
    @OptionGroup var registry: RegistryOptions

    func run() async throws {
        try await registry.run { [order = author.order()] in try $0.rollBack(order) }.show()
    }
}
