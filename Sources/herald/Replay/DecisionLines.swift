import Foundation
import Scoring

/// Writes decisions as JSON, one a line, to standard output; the same decision gives the same bytes.
struct DecisionLines {
    private static let bufferBytes = 1 << 16
    private var buffer: [UInt8] = []

    /// - Parameter explanation: told with the decision where it is there.
    mutating func write(_ decision: Decision, of job: Job, explanation: DecisionExplanation? = nil) throws {
        let probability = decision.probability.isNaN ? "null" : String(format: "%.9g", Double(decision.probability))
        let text = """
            {"decision_id":"\(decision.id)","job_id":\(Self.quoted(job.jobID)),"decided_at":"\(decision.decidedAt.rfc3339)",\
            "action":"\(decision.kind.rawValue)","probability":\(probability),"priority":"\(decision.priority.rawValue)",\
            "delay_ms":\(decision.delayMilliseconds),"provider":\(Self.quoted(decision.provider)),\
            "model":\(Self.quoted(decision.model)),"policy":\(Self.quoted(decision.policy)),"reason":"\(decision.reason.rawValue)"\(try Self.member(explanation))}

            """
        buffer += Array(text.utf8)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    mutating func flush() throws {
        try FileHandle.standardOutput.write(contentsOf: Data(buffer))
        buffer.removeAll(keepingCapacity: true)
    }

    private static func member(_ explanation: DecisionExplanation?) throws -> String {
        guard let explanation else { return "" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ",\"explanation\":" + String(decoding: try encoder.encode(explanation), as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..<" ": quoted += String(format: "\\u%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
