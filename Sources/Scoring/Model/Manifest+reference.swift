extension Manifest {
    /// How features and predictions were distributed when the model was made: what drift is measured against.
    package struct DriftReference: Codable, Equatable, Sendable {
        /// By feature, over the training period.
        package var features: [String: Histogram]
        /// Of the calibrated probability, over the test period.
        package var probability: Histogram

        package init(features: [String: Histogram], probability: Histogram) {
            self.features = features
            self.probability = probability
        }

        func validate() throws(ModelError) {
            try Manifest.bound(features.count, 0...Manifest.maximumEntryCount, key: "reference.features")
            for (name, histogram) in features { try histogram.validate(key: "reference.features.\(name)") }
            try probability.validate(key: "reference.probability")
        }
    }

    /// Counts of a feature's values.
    package struct Histogram: Equatable, Sendable {
        package enum Bins: Equatable, Sendable {
            /// Ascending edges; `counts[i]` values lie in [`edges[i − 1]`, `edges[i]`), the first and the last bin being open.
            case numeric(edges: [Double], counts: [Int])
            /// By word of the vocabulary.
            case words([String: Int])
        }

        /// Most edges of a numeric histogram.
        package static let maximumEdgeCount = 32

        package var bins: Bins
        /// Rows without a value, or with a word that is not in the vocabulary.
        package var missing: Int

        package init(bins: Bins, missing: Int) {
            self.bins = bins
            self.missing = missing
        }

        func validate(key: String) throws(ModelError) {
            try Manifest.bound(missing, 0...Int.max, key: "\(key).missing")
            switch bins {
            case .numeric(let edges, let counts):
                try Manifest.bound(edges.count, 0...Self.maximumEdgeCount, key: "\(key).edges")
                guard zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }), edges.allSatisfy(\.isFinite) else {
                    throw ModelError(.invalidValue, key: "\(key).edges", "must be finite and ascending")
                }
                guard counts.count == edges.count + 1, counts.allSatisfy({ $0 >= 0 }) else {
                    throw ModelError(.invalidValue, key: "\(key).counts", "must be one more than the edges, none below 0")
                }
            case .words(let counts):
                try Manifest.bound(counts.count, 0...Manifest.maximumEntryCount, key: "\(key).words")
                guard counts.values.allSatisfy({ $0 >= 0 }) else {
                    throw ModelError(.invalidValue, key: "\(key).words", "must have no count below 0")
                }
            }
        }
    }
}

extension Manifest.Histogram: Codable {
    private enum CodingKeys: String, CodingKey {
        case edges
        case counts
        case words
        case missing
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        missing = try container.decode(Int.self, forKey: .missing)
        if let words = try container.decodeIfPresent([String: Int].self, forKey: .words) {
            bins = .words(words)
        } else {
            bins = .numeric(
                edges: try container.decode([Double].self, forKey: .edges), counts: try container.decode([Int].self, forKey: .counts))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(missing, forKey: .missing)
        switch bins {
        case .numeric(let edges, let counts):
            try container.encode(edges, forKey: .edges)
            try container.encode(counts, forKey: .counts)
        case .words(let counts): try container.encode(counts, forKey: .words)
        }
    }
}
