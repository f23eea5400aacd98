import Configuration
import Foundation
import SystemPackage
import Yams

/// The layers a configuration is read from, lowest first: defaults, `herald.yaml`, environment, flags.
///
/// A key that none of `ConfigurationKey.all` names is an error here, before anything is read.
package struct ConfigurationSource {
    private let reader: ConfigReader

    /// Reads the layers.
    ///
    /// - Parameters:
    ///   - file: a YAML file; `nil` = `herald.yaml` in the working folder, if there is one.
    ///   - environment: the process's environment.
    ///   - flags: values by key, as given on the command line.
    /// - Throws: `ConfigurationError` naming the unknown key or the file's defect.
    package init(file: String?, environment: [String: String], flags: [String: String]) async throws {
        let path = file ?? "herald.yaml"
        let isPresent = FileManager.default.fileExists(atPath: path)
        guard isPresent || file == nil else { throw ConfigurationError("there is no configuration file '\(path)'") }

        var providers: [any ConfigProvider] = [
            try Self.provider(of: flags, from: "flag --set"),
            try Self.provider(of: Self.values(in: environment), from: "environment"),
        ]
        if isPresent {
            try Self.checkKeys(ofFile: path)
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            } catch {
                throw ConfigurationError("cannot read configuration file '\(path)': \(error)")
            }
        }
        let defaults = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.name, $0.defaultValue) })
        providers.append(try Self.provider(of: defaults, from: "defaults"))
        reader = ConfigReader(providers: providers)
    }

    /// The text at `key`.
    func text(_ key: String) throws -> String {
        do {
            return try reader.requiredString(forKey: ConfigKey(key))
        } catch {
            throw ConfigurationError("\(key) must be text: \(error)")
        }
    }

    /// The list at `key`; empty elements are dropped.
    func list(_ key: String) throws -> [String] {
        do {
            return try reader.requiredStringArray(forKey: ConfigKey(key)).filter { !$0.isEmpty }
        } catch {
            throw ConfigurationError("\(key) must be a list of texts: \(error)")
        }
    }

    /// Whether the flag at `key` is set.
    func flag(_ key: String) throws -> Bool {
        do {
            return try reader.requiredBool(forKey: ConfigKey(key))
        } catch {
            throw ConfigurationError("\(key) must be true or false: \(error)")
        }
    }

    /// The whole number at `key`, checked against the key's range.
    func integer(_ key: String) throws -> Int {
        let value: Int
        do {
            value = try reader.requiredInt(forKey: ConfigKey(key))
        } catch {
            throw ConfigurationError("\(key) must be a whole number: \(error)")
        }
        if let range = ConfigurationKey.all.first(where: { $0.name == key })?.range, !range.contains(value) {
            throw ConfigurationError("\(key) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
        return value
    }

    /// Texts by key, read by swift-configuration as it reads environment variables: numbers and lists are parsed from text.
    private static func provider(of values: [String: String], from layer: String) throws -> EnvironmentVariablesProvider {
        for name in values.keys where !ConfigurationKey.all.contains(where: { $0.name == name }) {
            throw ConfigurationError("unknown configuration key '\(name)' (\(layer)); \(nearest(to: name))")
        }
        let variables = values.map { (ConfigurationKey.screamingSnakeCase($0.key), $0.value) }
        return EnvironmentVariablesProvider(
            environmentVariables: Dictionary(uniqueKeysWithValues: variables), secretsSpecifier: .all)
    }

    /// What the environment sets, by key.
    ///
    /// `RABBITMQ_URL` and `MONGODB_URL`, which other tools use too, count where ours are absent.
    private static func values(in environment: [String: String]) throws -> [String: String] {
        let byVariable = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.environmentVariable, $0.name) })
        var values: [String: String] = [:]
        values["rabbitmq.url"] = environment["RABBITMQ_URL"]
        values["mongodb.url"] = environment["MONGODB_URL"]
        for (variable, value) in environment where variable.hasPrefix("HERALD_") {
            if let name = byVariable[variable] {
                values[name] = value
            } else if !isReserved(variable) {
                throw ConfigurationError("unknown environment variable '\(variable)'; \(nearest(to: variable))")
            }
        }
        return values
    }

    /// Variables of the build, the stack and the tests, and those that Kubernetes sets for a service named herald.
    private static func isReserved(_ variable: String) -> Bool {
        reservedPrefixes.contains { variable.hasPrefix($0) }
    }

    private static let reservedPrefixes = [
        "HERALD_CRASH_AT", "HERALD_FOREST", "HERALD_SERVICE_", "HERALD_PORT", "HERALD_TEST_", "HERALD_STACK_", "HERALD_RABBITMQCTL",
        "HERALD_RABBITMQ_PID_FILE", "HERALD_MONGODB_PID_FILE",
    ]

    private static func checkKeys(ofFile path: String) throws {
        let root: Any?
        do {
            root = try Yams.load(yaml: String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw ConfigurationError("configuration file '\(path)' is not valid YAML: \(error)")
        }
        guard let root else { return }
        guard let mapping = root as? [String: Any] else {
            throw ConfigurationError("configuration file '\(path)' must hold a mapping of keys")
        }
        for name in flatten(mapping) where !ConfigurationKey.all.contains(where: { $0.name == name }) {
            throw ConfigurationError("unknown configuration key '\(name)' in '\(path)'; \(nearest(to: name))")
        }
    }

    private static func flatten(_ mapping: [String: Any], under prefix: String = "") -> [String] {
        mapping.flatMap { key, value in
            (value as? [String: Any]).map { flatten($0, under: prefix + key + ".") } ?? [prefix + key]
        }.sorted()
    }

    /// What to do about an unknown key: the known one that shares most characters with it.
    private static func nearest(to name: String) -> String {
        let wanted = Set(name.lowercased())
        let isVariable = name.hasPrefix("HERALD_")
        let names = ConfigurationKey.all.map { isVariable ? $0.environmentVariable : $0.name }
        let best = names.max { left, right in
            similarity(of: wanted, and: left) < similarity(of: wanted, and: right)
        }
        return "did you mean '\(best ?? "")'? `herald config` lists all keys"
    }

    private static func similarity(of wanted: Set<Character>, and name: String) -> Double {
        let letters = Set(name.lowercased())
        return Double(wanted.intersection(letters).count) / Double(wanted.union(letters).count)
    }
}
