import Forest

/// An XGBoost model as JSON text, valid unless a part is replaced.
struct TestModel {
    var version = "[3,2,0]"
    var baseScore = #""[0]""#
    var parameters = #""num_class":"0","num_feature":"2","num_target":"1""#
    var objective = "reg:squarederror"
    var booster = "gbtree"
    var trees: [TestTree] = [TestTree()]
    var treeCount: String?
    var treeInfo: String?
    var rounds: String?
    var learner = #""feature_names":["x","y"],"feature_types":[]"#
    /// Further members of `gradient_booster`, with the comma.
    var boosterMembers = ""

    var text: String {
        let zeros = "[\(trees.map { _ in "0" }.joined(separator: ","))]"
        let model = """
            "model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"\(treeCount ?? "\(trees.count)")"},\
            "iteration_indptr":\(rounds ?? "[0,\(trees.count)]"),"tree_info":\(treeInfo ?? zeros),\
            "trees":[\(trees.map(\.text).joined(separator: ","))]}
            """
        let gbtree = booster == "dart" ? #""gbtree":{"name":"gbtree",\#(model)}"# : model
        return """
            {"learner":{"attributes":{},\(learner),"gradient_booster":{"name":"\(booster)",\(gbtree)\(boosterMembers)},\
            "learner_model_param":{"base_score":\(baseScore),\(parameters)},"objective":{"name":"\(objective)"}},\
            "version":\(version)}
            """
    }

    func forest() throws(ForestError) -> Forest {
        try Forest(xgboost: Array(text.utf8))
    }
}

/// One tree of a `TestModel`: a split of feature 0 at 0.5 into the leaves 1 and 2, unless a part is replaced.
struct TestTree {
    var id = "0"
    var left = "[1,-1,-1]"
    var right: String?
    var parents: String?
    var features: String?
    var conditions = "[0.5,1,2]"
    var defaultLeft: String?
    var nodeCount: String?
    var deletedCount = "0"
    var leafSize = "1"
    /// Further members, each with its comma.
    var members = ""

    var text: String {
        // What goes with one leaf, where `left` says that the tree is one.
        let isLeaf = left == "[-1]"
        return """
            {"id":\(id),"tree_param":{"num_deleted":"\(deletedCount)","num_feature":"2",\
            "num_nodes":"\(nodeCount ?? (isLeaf ? "1" : "3"))","size_leaf_vector":"\(leafSize)"},\
            "left_children":\(left),"right_children":\(right ?? (isLeaf ? "[-1]" : "[2,-1,-1]")),\
            "parents":\(parents ?? (isLeaf ? "[2147483647]" : "[2147483647,0,0]")),\
            "split_indices":\(features ?? (isLeaf ? "[0]" : "[0,0,0]")),"split_conditions":\(conditions),\
            "default_left":\(defaultLeft ?? (isLeaf ? "[0]" : "[0,0,0]"))\(members)}
            """
    }
}
