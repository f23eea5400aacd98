internal import Foundation
internal import Scoring

/// The model that a new one is to replace, asked about the same rows.
struct Champion {
    private let model: ScoringModel

    /// Reads an artifact; whatever a scorer would refuse is refused here too.
    ///
    /// - Parameter path: the artifact's folder.
    init(path: String) throws {
        func contents(_ name: String) throws -> [UInt8] {
            do {
                return Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
            } catch {
                throw TrainingError(.configuration, "the champion's \(path)/\(name) cannot be read: \(error.localizedDescription)")
            }
        }
        let manifest = try Manifest(json: contents("manifest.json"))
        model = try ScoringModel(manifest: manifest, model: contents(manifest.modelFile.name))
    }

    /// Its calibrated probabilities for rows of another schema: words are looked up in its own vocabularies.
    func probabilities(of rows: LabelledRows, schema: FeatureSchema) throws(TrainingError) -> [Float] {
        let columns = try Self.columns(of: model.schema, in: schema)
        let width = schema.featureCount
        var features: [Float] = []
        features.reserveCapacity(rows.count * columns.count)
        for row in 0..<rows.count {
            for column in columns {
                let value = rows.features[row * width + column.source]
                guard let words = column.words, !value.isNaN else {
                    features.append(value)
                    continue
                }
                features.append(words[Int(value)])
            }
        }
        var margins = [Float](repeating: .nan, count: rows.count)
        var output = margins.mutableSpan
        model.margins(of: features.span, into: &output)
        return margins.map { model.probability(margin: $0) }
    }

    /// For each of its columns, the other schema's column of the same name and its index of each of that one's words.
    private static func columns(
        of schema: FeatureSchema, in other: FeatureSchema
    ) throws(TrainingError) -> [(source: Int, words: [Float]?)] {
        var columns: [(source: Int, words: [Float]?)] = []
        for feature in schema.features {
            guard let source = other.names.firstIndex(of: feature.name) else {
                throw TrainingError(.configuration, "the champion's feature '\(feature.name)' is not computed any more")
            }
            guard case .categorical(let own) = feature.type, case .categorical(let others) = other.features[source].type else {
                columns.append((source, nil))
                continue
            }
            columns.append((source, others.map { word in own.firstIndex(of: word).map { Float($0) } ?? .nan }))
        }
        return columns
    }
}
