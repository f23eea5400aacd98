internal import Foundation
package import Scoring

/// Policy parameters in a file: the object `policy` of a manifest, or a part of it.
package struct PolicyFile: Sendable {
    /// Why a file was refused.
    package struct Defect: Error, CustomStringConvertible {
        package let description: String
    }

    /// Largest file that is read, in bytes.
    private static let maximumByteCount = 1 << 20

    /// The parameters of the file; where it says nothing, those of `base`.
    package let parameters: PolicyParameters

    /// - Parameters:
    ///   - bytes: one JSON object, with the keys of `policy` in a manifest, or with the one key `policy` that holds them.
    ///   - name: of the file, for errors.
    /// - Throws: `Defect` that names an unknown key or one of the wrong type; `ModelError` that names one out of its range.
    package init(_ bytes: [UInt8], name: String, base: PolicyParameters) throws {
        guard bytes.count <= Self.maximumByteCount else {
            throw Defect(description: "\(name) is larger than \(Self.maximumByteCount) bytes")
        }
        let object: Any
        do {
            object = try JSONSerialization.jsonObject(with: Data(bytes))
        } catch {
            throw Defect(description: "\(name) is no JSON: \(error.localizedDescription)")
        }
        guard var given = object as? [String: Any] else { throw Defect(description: "\(name) must hold one JSON object") }
        if given.count == 1, let inner = given["policy"] as? [String: Any] { given = inner }
        guard let whole = try JSONSerialization.jsonObject(with: JSONEncoder().encode(base)) as? [String: Any] else {
            throw Defect(description: "the policy of the model cannot be written as a JSON object")
        }
        do {
            parameters = try Self.decoded(Self.merged(whole, given, path: "", name: name))
        } catch let error as DecodingError {
            // A number that does not fit is told without its place: each value alone, the first that cannot be read is the one.
            let place = Self.leaves(given).first { (try? Self.decoded(Self.merged(whole, $0.object, path: "", name: name))) == nil }?.path
            throw Defect(description: "\(name): '\(place ?? "policy")' cannot be read: \(Self.reason(error))")
        }
        try parameters.validate()
    }

    private static func decoded(_ object: [String: Any]) throws -> PolicyParameters {
        try JSONDecoder().decode(PolicyParameters.self, from: JSONSerialization.data(withJSONObject: object))
    }

    /// Every value of an object with its path, and in an object that has nothing else.
    private static func leaves(_ object: [String: Any]) -> [(path: String, object: [String: Any])] {
        object.sorted { $0.key < $1.key }.flatMap { key, value in
            (value as? [String: Any]).map { inner in leaves(inner).map { ("\(key).\($0.path)", [key: $0.object] as [String: Any]) } }
                ?? [(key, [key: value])]
        }
    }

    /// `base` with the values of `given` in the place of its own, key by key.
    private static func merged(_ base: [String: Any], _ given: [String: Any], path: String, name: String) throws(Defect) -> [String: Any] {
        var merged = base
        for (key, value) in given.sorted(by: { $0.key < $1.key }) {
            let place = path.isEmpty ? key : "\(path).\(key)"
            guard let known = base[key] else {
                throw Defect(
                    description: "\(name): unknown key '\(place)'; there are "
                        + base.keys.sorted().map { path.isEmpty ? $0 : "\(path).\($0)" }.joined(separator: ", "))
            }
            // Rates go by the names of providers, which are no keys of ours.
            if let known = known as? [String: Any], place != "control.rate.per_s" {
                guard let value = value as? [String: Any] else { throw Defect(description: "\(name): '\(place)' must be an object") }
                merged[key] = try Self.merged(known, value, path: place, name: name)
            } else {
                merged[key] = value
            }
        }
        return merged
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context), .keyNotFound(_, let context):
            context.debugDescription
        @unknown default: String(describing: error)
        }
    }
}
