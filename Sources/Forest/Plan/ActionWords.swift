internal import CForest

/// The tables for up to 64 actions of one job at once, for AVX-512: eight trees stand side by side, one word of 64 rows each.
///
/// A condition on what the actions share is one bit a job; only the words of the conditions that vary are computed.
struct ActionWords<Sum: LeafSum>: Sendable {
    static var rowLimit: Int { 64 }

    /// The planes of the distinct conditions that vary.
    let runs: [cforest_run]
    let conditions: [UInt8]
    /// For each word, the operand of its plane.
    let operands: [UInt16]
    /// For each eight trees and each position: the trees that vary, and above these 8 bits where their words start.
    let varying: [UInt32]
    /// Leaf tables of all trees, split into bytes.
    let leaves: [UInt8]
    let treeCount: Int

    /// - Parameter isVarying: by column.
    /// - Returns: `nil` where not every tree has a code, a varying condition turns more than once, or the planes are too many.
    init?(_ rowPlan: RowPlan<Sum>, columnCount: Int, isVarying: [Bool]) {
        guard rowPlan.segments.count == 1, let segment = rowPlan.segments.first, segment.kind == .lanes else { return nil }
        treeCount = segment.treeCount
        var keys: [Int] = []
        var varying: [UInt32] = []
        var leaves: [UInt8] = []
        for (index, group) in rowPlan.groups.enumerated() {
            let count = min(64, treeCount - 64 * index)
            let positions = 1 << Int(group.depth) - 1
            for eight in stride(from: 0, to: count, by: 8) {
                for position in 0..<positions {
                    var entry = UInt32(keys.count) << 8
                    for lane in eight..<eight + 8 {
                        let node = Int(group.nodes) + 128 * position + lane
                        let (slot, limit) = (Int(rowPlan.nodes[node]), Int(rowPlan.nodes[node + 64]))
                        guard lane < count, slot / 2 < columnCount, isVarying[slot / 2] else { continue }
                        entry |= 1 << UInt32(lane - eight)
                        keys.append(slot << 8 | limit)
                    }
                    varying.append(entry)
                }
            }
            for lane in 0..<count {
                let first = rowPlan.firstValues[index] + lane << Int(group.depth)
                let values = rowPlan.values[first..<first + 1 << Int(group.depth)]
                leaves += Sum.table(values, codeCount: 64)
            }
        }
        let distinct = Set(keys).sorted()
        guard distinct.count <= ForestChunk.planeLimit, keys.count < 1 << 24 else { return nil }
        let step = UInt8(CFOREST_OPERAND_STEP)
        var runs: [cforest_run] = []
        var conditions: [UInt8] = []
        var operandOf: [Int: UInt16] = [:]
        for (place, key) in distinct.enumerated() {
            let (column, missingLeft) = (UInt32(key >> 9), UInt32(1 - key >> 8 & 1))
            if runs.last?.column != column || runs.last?.missing_left != missingLeft {
                runs.append(cforest_run(column: column, count: 0, missing_left: missingLeft))
            }
            runs[runs.count - 1].count += 1
            conditions += [UInt8(key & 15) * step, UInt8(key >> 4 & 15) * step]
            operandOf[key] = UInt16(place * Int(step))
        }
        self.runs = runs
        self.conditions = conditions
        operands = keys.map { operandOf[$0] ?? 0 }
        self.varying = varying
        self.leaves = leaves
    }
}
