/// What the Open Inference Protocol finds here under a name.
///
/// Raw values are the names.
enum InferenceModel: String, CaseIterable, Sendable {
    /// Jobs to decisions: the whole of `/predict`, by the text.
    case decisions = "herald"
    /// Rows of features to probabilities: the model alone.
    case features = "herald-features"

    struct Tensor: Encodable, Sendable {
        var name: String
        var datatype: TensorType
        /// -1 = any number.
        var shape: [Int]
    }

    func inputs(featureCount: Int) -> [Tensor] {
        switch self {
        case .decisions: [Tensor(name: "job", datatype: .bytes, shape: [-1])]
        case .features: [Tensor(name: "features", datatype: .fp32, shape: [-1, featureCount])]
        }
    }

    var outputs: [Tensor] {
        switch self {
        case .decisions: [Tensor(name: "decision", datatype: .bytes, shape: [-1])]
        case .features: [Tensor(name: "probability", datatype: .fp32, shape: [-1]), Tensor(name: "margin", datatype: .fp32, shape: [-1])]
        }
    }
}
