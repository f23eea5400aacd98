import ArgumentParser

@main
struct Herald: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "herald", abstract: "Decides when, through whom and how urgently to deliver a notification.")
}
