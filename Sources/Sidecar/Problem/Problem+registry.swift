internal import Scoring
package import Store

extension Problem {
    /// What an error of the registry is for the client, in the registry's own words, and what would be carried out all the same.
    package init(_ error: RegistryError) {
        switch error.code {
        case .notFound: self.init(.notFound, error.message)
        case .refused:
            // The field tells a program that this one, unlike other conflicts, can be overridden.
            self.init(.conflict, "\(error.message); with \"force\": true it is promoted all the same", field: "force")
        case .unchanged, .conflict, .versionTaken, .damaged: self.init(.conflict, error.message)
        case .outOfBounds: self.init(.invalidParameter, error.message, field: "version")
        case .unwritable: self.init(.unavailable, error.message, retryAfter: 5)
        }
    }

    /// Runs `body`, whose errors of the registry become problems.
    static func ofRegistry<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as RegistryError {
            throw Problem(error)
        } catch let error as ModelError {
            // Without the path, which is nobody's business elsewhere.
            throw Problem(.conflict, "the artifact is broken: \(error.message) (\(error.code.rawValue))")
        }
    }
}
