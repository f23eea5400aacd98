import ArgumentParser
import Store

/// `herald models register`: from the folder into the registry.
struct ModelsRegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Check a version in the models folder, every file of it, and store it in MongoDB.")

    @Argument(help: "The version, a folder in the models folder.")
    var version: String

    @OptionGroup var author: AuthorOptions
    @OptionGroup var registry: RegistryOptions

    func run() async throws {
        let isNew = try await registry.run { [version, order = author.order()] in
            try $0.register(version, by: order.by, at: order.at, reason: order.reason)
        }
        print(isNew ? "registered \(version)" : "\(version) was registered already; its files were checked")
    }
}
