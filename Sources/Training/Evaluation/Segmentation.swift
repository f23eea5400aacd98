internal import Scoring

/// Rows divided by what a feature says, such as the channel.
struct Segmentation {
    /// The features that divide, by name, and what the manifest calls the division.
    private static let features = [
        ("channel", "channel"), ("provider", "provider"), ("recipient_country", "country"), ("template_type", "template"),
        ("previous_attempts", "attempt"),
    ]
    /// Later attempts are counted as one group.
    private static let lastAttempt = 5

    /// What the manifest calls the division, such as `country`.
    let name: String
    /// Row numbers by group, in the order of the vocabulary.
    let groups: [(name: String, rows: [Int])]

    /// The divisions by channel, provider, country, template and attempt number.
    ///
    /// Throws a `TrainingError` where the schema has no such feature.
    static func all(of rows: LabelledRows, schema: FeatureSchema) throws(TrainingError) -> [Segmentation] {
        var divisions: [Segmentation] = []
        for (feature, name) in features {
            guard let column = schema.names.firstIndex(of: feature) else {
                throw TrainingError(.configuration, "the schema has no feature '\(feature)' to divide the test rows by")
            }
            let values = (0..<rows.count).map { rows.features[$0 * schema.featureCount + column] }
            divisions.append(Segmentation(name: name, values: values, type: schema.features[column].type))
        }
        return divisions
    }

    private init(name: String, values: [Float], type: FeatureType) {
        let words: [String]
        let wordOf: (Float) -> Int
        switch type {
        case .categorical(let vocabulary):
            words = vocabulary + ["other"]
            wordOf = { $0 >= 0 && $0 < Float(vocabulary.count) ? Int($0) : vocabulary.count }
        case .numeric, .cyclic:
            // Attempts before this one.
            words = (1..<Self.lastAttempt).map(String.init) + ["\(Self.lastAttempt)+"]
            wordOf = { $0 >= 0 ? Int(min($0, Float(Self.lastAttempt - 1))) : 0 }
        }
        var rows = [[Int]](repeating: [], count: words.count)
        for (row, value) in values.enumerated() { rows[wordOf(value)].append(row) }
        self.name = name
        groups = zip(words, rows).filter { !$0.1.isEmpty }.map { ($0, $1) }
    }
}
