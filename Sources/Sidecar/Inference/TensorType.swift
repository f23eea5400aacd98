/// The types of tensors that the models take and give.
///
/// Raw values are the words of the Open Inference Protocol.
enum TensorType: String, Codable, Sendable {
    case fp32 = "FP32"
    /// Texts: each element a message of its own.
    case bytes = "BYTES"
}
