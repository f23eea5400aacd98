import ArgumentParser
import Foundation
import Scoring
import Store

/// The flags of every command that works on the model registry.
struct RegistryOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    /// Runs `body` on the registry, on a thread that may block.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Registry) throws -> Value) async throws -> Value {
        let configuration = try await configuration.load()
        return try await BlockingWork.run {
            let registry = try configuration.registry()
            do {
                try registry.database?.prepare(retentionDays: configuration.database.retentionDays)
                return try body(registry)
            } catch let error as StoreError where error.isRetriable {
                throw ConfigurationError(
                    "\(error)\nThe registry is in MongoDB, which does not answer. Start it, or use the folder alone: "
                        + "--set registry.store=disk")
            }
        }
    }

    /// The same for a command that only reads: where MongoDB does not answer, it says what the folder holds.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Registry) throws -> Value) async throws -> Value {
        let configuration = try await configuration.load()
        return try await BlockingWork.run {
            let registry = try configuration.registry()
            do {
                return try body(registry)
            } catch let error as StoreError where error.isRetriable {
                let warning = "\(error)\nMongoDB does not answer: this is what \(registry.folder.path)/ holds.\n"
                FileHandle.standardError.write(Data(warning.utf8))
                return try body(Registry(folder: registry.folder, database: nil))
            }
        }
    }
}

/// The flags of commands that change an alias or the registry: who, and why.
struct AuthorOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who does it, for the history (default: the user's name).")
    var name: String?

    @Option(help: "Why, for the history.")
    var reason: String?

    func validate() throws {
        guard name?.isEmpty != true else { throw ValidationError("--as wants a name") }
    }

    /// The name given, or the user's.
    var author: String {
        let user = ProcessInfo.processInfo.userName
        return name ?? (user.isEmpty ? "unknown" : user)
    }

    func order(isForced: Bool = false) -> Registry.Order {
        Registry.Order(by: author, at: .now, reason: reason, isForced: isForced)
    }
}

extension Registry.Change {
    /// What was done, and what was noticed on the way.
    func show() {
        print(summary)
        for note in notes { FileHandle.standardError.write(Data("note: \(note)\n".utf8)) }
    }

    /// The same as one text.
    var text: String { ([summary] + notes.map { "note: \($0)" }).joined(separator: "\n") }

    private var summary: String {
        let change =
            "\(event.place?.alias.rawValue ?? "model"): \(event.from ?? "none") → \(event.to) (\(event.kind.rawValue) by \(event.by))"
        return ([change] + (review.map { [$0.finding] } ?? [])).joined(separator: "\n")
    }
}
