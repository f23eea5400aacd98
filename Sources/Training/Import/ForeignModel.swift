internal import Forest
internal import Foundation
internal import Scoring

/// A model that was trained elsewhere: read as untrusted, held against the schema, brought to the form that artifacts have.
struct ForeignModel {
    /// Name of its file in the artifact, and the file's bytes.
    let fileName: String
    let bytes: [UInt8]
    let forest: Forest

    /// - Parameters:
    ///   - name: of the file, for errors.
    ///   - assumesOrder: whether a model whose features have no names is taken to have the schema's, in its order.
    /// - Throws: `TrainingError.unusableModel` with the first difference from the schema; `XGBoostError` where libxgboost refuses it.
    init(_ bytes: [UInt8], name: String, schema: FeatureSchema, assumesOrder: Bool, threads: Int) throws {
        // A LightGBM model begins with the word "tree" on a line of its own; no JSON or UBJSON document can.
        let isLightGBM = bytes.starts(with: Array("tree".utf8))
        let forest: Forest
        do {
            forest = try isLightGBM ? Forest(lightGBM: bytes) : Forest(xgboost: bytes)
        } catch {
            throw TrainingError(.unusableModel, "\(name) is no model that can be read: \(error)")
        }
        guard forest.objective.isProbability else {
            throw TrainingError(
                .unusableModel,
                "\(name) was trained for '\(forest.objective.rawValue)'; train it for binary:logistic (XGBoost) or binary (LightGBM)")
        }
        let isUnnamed = try Self.check(forest, name, schema, assumesOrder: assumesOrder)
        fileName = isLightGBM ? Manifest.lightGBMFileName : Manifest.modelFileName
        if isLightGBM {
            self.bytes = isUnnamed ? try Self.named(bytes, schema.names, name) : bytes
        } else if isUnnamed || Self.isJSON(bytes) {
            var booster = try Booster.loaded(ubjson: bytes, threads: threads)
            try booster.setFeatureNames(schema.names)
            self.bytes = try booster.ubjson()
        } else {
            // Native already: a later XGBoost may have written what this one cannot read.
            self.bytes = bytes
        }
        self.forest = try isLightGBM ? Forest(lightGBM: self.bytes) : Forest(xgboost: self.bytes)
        original = forest
    }

    /// As it was read, before it was brought to the artifact's form.
    private let original: Forest

    /// Requires the margins of the file in the artifact to equal those of the file that was given, bit by bit.
    func verify(on rows: LabelledRows) throws(TrainingError) {
        let (before, after) = (original.margins(of: rows), forest.margins(of: rows))
        if let row = before.indices.first(where: { before[$0].bitPattern != after[$0].bitPattern }) {
            throw TrainingError(
                .verification,
                "the margin of test row \(row) is \(after[row]) as it would be stored, but \(before[row]) as the model was given")
        }
    }

    /// Whether the features have no names of their own.
    private static func check(
        _ forest: Forest, _ name: String, _ schema: FeatureSchema, assumesOrder: Bool
    ) throws(TrainingError) -> Bool {
        let names = forest.featureNames
        guard forest.featureCount == schema.featureCount else {
            throw TrainingError(
                .unusableModel,
                "\(name) has \(forest.featureCount) features, but the schema has \(schema.featureCount): train on its columns alone")
        }
        // What LightGBM calls the columns of an array.
        guard !names.isEmpty, !names.indices.allSatisfy({ names[$0] == "Column_\($0)" }) else {
            guard assumesOrder else {
                throw TrainingError(
                    .unusableModel,
                    "\(name) does not name its features; train it on named columns, or say --assume-schema-order if they are the "
                        + "schema's, in its order")
            }
            return true
        }
        if let column = names.indices.first(where: { names[$0] != schema.names[$0] }) {
            throw TrainingError(
                .unusableModel,
                "feature \(column + 1) of \(name) is '\(names[column].prefix(64))', but the schema's is '\(schema.names[column])': "
                    + "train on the columns in the order of schema.json")
        }
        return false
    }

    /// UBJSON's first key has a length in front of it, JSON's a quotation mark.
    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        bytes.dropFirst().first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "\"")
    }

    /// A LightGBM model with its line of names replaced.
    private static func named(_ bytes: [UInt8], _ names: [String], _ name: String) throws(TrainingError) -> [UInt8] {
        let key = Array("feature_names=".utf8)
        var lines = bytes.split(separator: 0x0A, maxSplits: 64, omittingEmptySubsequences: false)
        guard let line = lines.firstIndex(where: { $0.starts(with: key) }) else {
            throw TrainingError(.unusableModel, "\(name) has no line of feature names in its head")
        }
        lines[line] = (key + Array(names.joined(separator: " ").utf8))[...]
        return Array(lines.joined(separator: [0x0A]))
    }
}
