internal import FoundationEssentials

extension Manifest {
    /// Reads and checks `manifest.json`; what it says of other files is for `ScoringModel` to check.
    package init(json bytes: [UInt8]) throws(ModelError) {
        guard bytes.count <= Self.maximumByteCount else {
            throw ModelError(.invalidValue, key: "manifest.json", "is larger than \(Self.maximumByteCount) bytes")
        }
        let data = Data(bytes)
        do {
            // Before the rest, so that a later format is named as such whatever else has changed in it.
            let format = try JSONDecoder().decode(Format.self, from: data).formatVersion
            guard format == Self.currentFormatVersion else {
                throw ModelError(
                    .unknownFormat, key: CodingKeys.formatVersion.rawValue,
                    "is \(format), but this build reads only \(Self.currentFormatVersion)")
            }
            self = try JSONDecoder().decode(Manifest.self, from: data)
        } catch let error as ModelError {
            throw error
        } catch let error as DecodingError {
            throw ModelError(error)
        } catch {
            throw ModelError(.malformedManifest, key: "manifest.json", String(describing: error))
        }
        try validate()
    }

    /// The manifest as `manifest.json` holds it: keys sorted, indented, so that versions can be compared line by line.
    ///
    /// Throws `invalidValue` where a number is not finite or out of its range.
    package func json() throws(ModelError) -> [UInt8] {
        try validate()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try Array(encoder.encode(self)) + [0x0A]
        } catch {
            throw ModelError(.invalidValue, key: "manifest.json", String(describing: error))
        }
    }

    private func validate() throws(ModelError) {
        let isVersionByte = { (byte: UInt8) in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        for (key, version) in [(CodingKeys.modelVersion, modelVersion), (.parentVersion, parentVersion ?? "none")] {
            guard (1...64).contains(version.utf8.count), version.utf8.allSatisfy(isVersionByte), version.first != "." else {
                throw ModelError(.invalidValue, key: key.rawValue, "a version is 1 to 64 letters, digits, '.', '_' and '-'")
            }
        }
        guard modelVersion != "none" else {
            throw ModelError(.invalidValue, key: CodingKeys.modelVersion.rawValue, "'none' stands for the absence of a model")
        }
        try calibration.validate()
        try policy.validate()
        try Self.validate(metrics, key: CodingKeys.metrics.rawValue)
        try Self.bound(baselines.count, 0...Self.maximumEntryCount, key: CodingKeys.baselines.rawValue)
        for (name, metrics) in baselines { try Self.validate(metrics, key: "baselines.\(name)") }
        try training?.validate()
        try assessment?.validate()
        try reference?.validate()
    }

    /// The part that every format has.
    private struct Format: Decodable {
        let formatVersion: Int

        private enum CodingKeys: String, CodingKey {
            case formatVersion = "format_version"
        }
    }
}

extension ModelError {
    /// The same with its path as a key.
    fileprivate init(_ error: DecodingError) {
        let context: DecodingError.Context
        var path: [any CodingKey] = []
        switch error {
        case .typeMismatch(_, let inner), .valueNotFound(_, let inner), .dataCorrupted(let inner):
            context = inner
        case .keyNotFound(let key, let inner):
            context = inner
            path = [key]
        @unknown default:
            self.init(.malformedManifest, key: "manifest.json", String(describing: error))
            return
        }
        path = context.codingPath + path
        let key = path.isEmpty ? "manifest.json" : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        self.init(.malformedManifest, key: key, context.debugDescription)
    }
}
