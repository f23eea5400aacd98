import Foundation
import Scoring
import Store

/// A small artifact, valid unless a part is replaced: two trees of three nodes.
struct ModelFixture {
    var version = "v1"
    /// Margin of a new tree's leaves; tells models apart.
    var leaf = 0.5
    var logLoss: Manifest.Metric? = .init(0.52, lower: 0.51, upper: 0.53)
    var data = Checksum.sha256([1])
    var parent: String?
    /// A file beside the model; `nil` = none.
    var report: [UInt8]? = Array("<html></html>".utf8)
    /// Parts of the first tree.
    var left = "[1,-1,-1]"
    var right = "[2,-1,-1]"
    var feature = "[0,0,0]"
    var condition: String?

    static var schema: FeatureSchema {
        get throws { try FeatureSchema(countries: ["DE", "FR"], providers: ["alpha", "beta"]) }
    }

    /// The model as XGBoost writes JSON.
    func json() throws -> [UInt8] {
        let names = try Self.schema.names
        func tree(_ id: Int, _ left: String, _ right: String, _ feature: String, _ condition: String) -> String {
            """
            {"id":\(id),"tree_param":{"num_nodes":"3","num_deleted":"0","num_feature":"\(names.count)","size_leaf_vector":"0"},\
            "left_children":\(left),"right_children":\(right),"parents":[2147483647,0,0],"split_indices":\(feature),\
            "split_conditions":\(condition),"default_left":[1,0,0],"split_type":[0,0,0],"categories":[],"categories_nodes":[],\
            "categories_segments":[],"categories_sizes":[]}
            """
        }
        let trees = [
            tree(0, left, right, feature, condition ?? "[1.5,-\(leaf),\(leaf)]"),
            tree(1, "[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[2.5,0.25,-0.25]"),
        ]
        return Array(
            """
            {"learner":{"attributes":{},"feature_names":[\(names.map { "\"\($0)\"" }.joined(separator: ","))],\
            "feature_types":[\(names.map { _ in "\"float\"" }.joined(separator: ","))],"gradient_booster":{"model":{\
            "gbtree_model_param":{"num_trees":"2","num_parallel_tree":"1"},"tree_info":[0,0],\
            "trees":[\(trees.joined(separator: ","))]},"name":"gbtree"},\
            "learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"\(names.count)","num_target":"1"},\
            "objective":{"name":"binary:logistic","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[1,7,4]}
            """.utf8)
    }

    /// The same as UBJSON.
    func ubjson() throws -> [UInt8] {
        var writer = UBJSONText()
        writer.write(try JSONSerialization.jsonObject(with: Data(json())))
        return writer.bytes
    }

    func manifest(for model: [UInt8]) throws -> Manifest {
        var metrics = ["auc": Manifest.Metric(0.75), "rows": .init(3000)]
        metrics["log_loss"] = logLoss
        return Manifest(
            modelVersion: version, createdAt: Timestamp(milliseconds: 1_700_000_000_000), parentVersion: parent, schema: try Self.schema,
            metrics: metrics, baselines: ["prior": ["log_loss": .init(0.69)]],
            data: .init(
                source: "a.csv", rowCount: 10, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: 1), sha256: data),
            files: [.init(name: Manifest.modelFileName, contents: model)]
                + (report.map { [.init(name: "report.html", contents: $0)] } ?? []))
    }

    /// Writes the artifact to `folder`/`version`.
    @discardableResult
    func write(in folder: String) throws -> ArtifactFolder {
        let model = try ubjson()
        return try write(manifest: manifest(for: model).json(), model: model, in: folder)
    }

    /// The same with bytes of the caller's.
    @discardableResult
    func write(manifest: [UInt8], model: [UInt8], in folder: String) throws -> ArtifactFolder {
        let path = "\(folder)/\(version)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(manifest).write(to: URL(fileURLWithPath: "\(path)/manifest.json"))
        try Data(model).write(to: URL(fileURLWithPath: "\(path)/model.ubj"))
        if let report { try Data(report).write(to: URL(fileURLWithPath: "\(path)/report.html")) }
        return ArtifactFolder(path)
    }
}

/// Writes what JSONSerialization reads as UBJSON (ubjson.org, draft 12): objects by their members, arrays by their elements.
private struct UBJSONText {
    var bytes: [UInt8] = []

    mutating func write(_ value: Any) {
        switch value {
        case let object as [String: Any]:
            bytes.append(UInt8(ascii: "{"))
            for (key, member) in object.sorted(by: { $0.key < $1.key }) {
                length(key.utf8.count)
                bytes += Array(key.utf8)
                write(member)
            }
            bytes.append(UInt8(ascii: "}"))
        case let array as [Any]:
            bytes.append(UInt8(ascii: "["))
            for element in array { write(element) }
            bytes.append(UInt8(ascii: "]"))
        case let text as String:
            bytes.append(UInt8(ascii: "S"))
            length(text.utf8.count)
            bytes += Array(text.utf8)
        case let number as NSNumber:
            if let whole = Int32(exactly: number.doubleValue) {
                bytes.append(UInt8(ascii: "l"))
                append(UInt32(bitPattern: whole))
            } else {
                bytes.append(UInt8(ascii: "d"))
                append(Float(number.doubleValue).bitPattern)
            }
        default: preconditionFailure("the fixture has no other values")
        }
    }

    private mutating func length(_ count: Int) {
        bytes.append(UInt8(ascii: "L"))
        let bits = UInt64(count)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    }

    private mutating func append(_ bits: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
    }
}

/// Runs `body` with a folder of its own and removes it afterwards.
func withFolder(_ body: (_ path: String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "herald-models-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let result = Result { try body(path) }
    try FileManager.default.removeItem(atPath: path)
    try result.get()
}
