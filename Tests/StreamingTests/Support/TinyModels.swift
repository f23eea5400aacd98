import Foundation
import Scoring
import Store

/// A models folder with artifacts of one tree each.
struct TinyModels {
    let path: String

    /// Runs `body` with a folder of its own and removes it afterwards.
    static func run(_ body: (TinyModels) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "herald-watch-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let result = Result { try body(TinyModels(path: path)) }
        try FileManager.default.removeItem(atPath: path)
        try result.get()
    }

    var registry: Registry { Registry(folder: ModelsFolder(path), database: nil) }

    /// Writes a version whose probability depends on nothing.
    func write(_ version: String) throws {
        let model = try Self.model()
        let folder = "\(path)/\(version)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.manifest(version, model).json()).write(to: URL(fileURLWithPath: "\(folder)/manifest.json"))
        try Data(model).write(to: URL(fileURLWithPath: "\(folder)/model.ubj"))
    }

    static func scorer(_ version: String) throws -> Scorer {
        let model = try model()
        return Scorer(model: try ScoringModel(manifest: manifest(version, model), model: model), ladder: .standard)
    }

    private static func manifest(_ version: String, _ model: [UInt8]) throws -> Manifest {
        let zero = Timestamp(milliseconds: 0)
        return Manifest(
            modelVersion: version, createdAt: zero, schema: try schema(),
            metrics: ["log_loss": .init(0.5, lower: 0.4, upper: 0.6)], baselines: [:],
            data: .init(source: "a.csv", rowCount: 1, from: zero, to: zero, sha256: Checksum.sha256([])),
            files: [.init(name: Manifest.modelFileName, contents: model)])
    }

    private static func schema() throws -> FeatureSchema { try FeatureSchema(countries: ["DE"], providers: ["ses"]) }

    private static func model() throws -> [UInt8] {
        let names = try schema().names
        return Array(
            """
            {"learner":{"attributes":{},"feature_names":[\(names.map { "\"\($0)\"" }.joined(separator: ","))],\
            "feature_types":[\(names.map { _ in "\"float\"" }.joined(separator: ","))],"gradient_booster":{"model":{\
            "gbtree_model_param":{"num_trees":"1","num_parallel_tree":"1"},"tree_info":[0],"trees":[\
            {"id":0,"tree_param":{"num_nodes":"1","num_deleted":"0","num_feature":"\(names.count)","size_leaf_vector":"0"},\
            "left_children":[-1],"right_children":[-1],"parents":[2147483647],"split_indices":[0],"split_conditions":[0.5],\
            "default_left":[0],"split_type":[0],"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]}\
            ]},"name":"gbtree"},"learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"\(names.count)",\
            "num_target":"1"},"objective":{"name":"binary:logistic","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[1,7,4]}
            """.utf8)
    }

    func link(to version: String) throws {
        unlink("\(path)/champion")
        guard symlink(version, "\(path)/champion") == 0 else { throw POSIXError(.EIO) }
    }

    /// Length of a version's model file.
    func modelBytes(of version: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(version)/model.ubj")[.size] as? Int ?? 0
    }
}
