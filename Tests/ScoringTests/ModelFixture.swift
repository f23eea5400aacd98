import Scoring

/// Small models whose probabilities can be worked out by hand.
enum ModelFixture {
    /// A tree with one split: `below` where the feature is smaller than the threshold or missing, else `above`.
    struct Stump {
        var feature: String
        var threshold: Float
        var below: Float
        var above: Float
    }

    static let countries = ["DE", "FR"]
    static let providers = ["alpha", "beta"]

    static var schema: FeatureSchema {
        get throws { try FeatureSchema(countries: countries, providers: providers) }
    }

    /// A model in XGBoost's JSON whose margin is the sum of its stumps.
    static func model(
        _ stumps: [Stump], names: [String]? = nil, objective: String = "binary:logistic"
    ) throws -> [UInt8] {
        let names = try names ?? schema.names
        let trees = stumps.enumerated().map { id, stump in
            let feature = names.firstIndex(of: stump.feature) ?? 0
            return """
                {"id":\(id),"tree_param":{"num_nodes":"3","num_deleted":"0","num_feature":"\(names.count)","size_leaf_vector":"0"},\
                "left_children":[1,-1,-1],"right_children":[2,-1,-1],"parents":[2147483647,0,0],"split_indices":[\(feature),0,0],\
                "split_conditions":[\(stump.threshold),\(stump.below),\(stump.above)],"default_left":[1,0,0],\
                "split_type":[0,0,0],"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]}
                """
        }
        let quoted = names.map { "\"\($0)\"" }.joined(separator: ",")
        let types = names.map { _ in "\"float\"" }.joined(separator: ",")
        return Array(
            """
            {"learner":{"attributes":{},"feature_names":[\(quoted)],"feature_types":[\(types)],"gradient_booster":{"model":{\
            "gbtree_model_param":{"num_trees":"\(stumps.count)","num_parallel_tree":"1"},\
            "tree_info":[\(stumps.map { _ in "0" }.joined(separator: ","))],"trees":[\(trees.joined(separator: ","))]},"name":"gbtree"},\
            "learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"\(names.count)","num_target":"1"},\
            "objective":{"name":"\(objective)","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[1,7,4]}
            """.utf8)
    }

    static func manifest(for model: [UInt8], version: String = "v1", policy: PolicyParameters = PolicyParameters()) throws -> Manifest {
        Manifest(
            modelVersion: version, createdAt: try JobFixture.time("2026-03-04T00:00:00Z"), schema: try schema, policy: policy,
            metrics: ["auc": .init(0.75, lower: 0.74, upper: 0.76)], baselines: ["prior": ["log_loss": .init(0.69)]],
            data: .init(
                source: "data/attempts.csv", rowCount: 10, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: 1),
                sha256: Checksum.sha256([])),
            files: [.init(name: Manifest.modelFileName, contents: model)])
    }

    static func scorer(_ stumps: [Stump], policy: PolicyParameters = PolicyParameters(), ladder: [String]? = nil) throws -> Scorer {
        let model = try model(stumps)
        return Scorer(
            model: try ScoringModel(manifest: manifest(for: model, policy: policy), model: model),
            ladder: try ladder.map { try DelayLadder($0) } ?? .standard)
    }
}
