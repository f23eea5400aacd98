internal import CForest

/// Compiles a tree of up to 256 leaves, of any depth, to operations on planes that yield the bits of a leaf code.
///
/// Leaves are numbered from right to left. A bit of the number is then constant over most subtrees, and one plane where they meet.
struct TreeProgram<Sum: LeafSum> {
    static var leafLimit: Int { 256 }
    /// Temporary planes at most: one for each bit, and those in between, fewer than the bits of the number of nodes.
    static var temporaryLimit: Int { 8 + 16 }

    private(set) var operations: [cforest_operation] = []
    /// Operands of the code's bits, least significant first.
    private(set) var bits: [UInt16] = []

    private let tree: DecisionTree<Sum>
    private let planeOf: (Int) -> UInt16
    private let lowestTemporary: UInt16
    private var freeTemporaries: [UInt16]
    /// Smallest and largest leaf number under each node.
    private var leafRange: [ClosedRange<Int>]
    /// Temporary planes that each node needs for one bit.
    private var need: [Int]

    private static var zeros: UInt16 { 0 }
    private static var ones: UInt16 { UInt16(CFOREST_OPERAND_STEP) }

    /// - Parameters:
    ///   - planeOf: the operand of a condition.
    ///   - firstTemporary: index of the first of `temporaryLimit` planes.
    init(_ tree: DecisionTree<Sum>, firstTemporary: Int, planeOf: @escaping (Int) -> UInt16) {
        self.tree = tree
        self.planeOf = planeOf
        let step = CFOREST_OPERAND_STEP
        lowestTemporary = UInt16(firstTemporary * step)
        freeTemporaries = (0..<Self.temporaryLimit).reversed().map { UInt16((firstTemporary + $0) * step) }
        leafRange = Array(repeating: 0...0, count: tree.nodes.count)
        need = Array(repeating: 0, count: tree.nodes.count)
        var number = 0
        for index in tree.nodes.indices.reversed() {
            let node = tree.nodes[index]
            if node.isLeaf {
                leafRange[index] = number...number
                number += 1
            } else {
                let (left, right) = (Int(node.left), Int(node.right))
                leafRange[index] = leafRange[right].lowerBound...leafRange[left].upperBound
                need[index] = need[left] == need[right] ? need[left] + 1 : max(need[left], need[right])
            }
        }
        let bitCount = max(1, Int.bitWidth - (tree.leafCount - 1).leadingZeroBitCount)
        for bit in 0..<bitCount { bits.append(operand(of: bit, under: 0)) }
    }

    /// The leaf table: `codeCount` values.
    func leaves(codeCount: Int) -> [Sum] {
        var values = [Sum](repeating: 0, count: codeCount)
        for (index, node) in tree.nodes.enumerated() where node.isLeaf { values[leafRange[index].lowerBound] = node.value }
        return values
    }

    private mutating func operand(of bit: Int, under index: Int) -> UInt16 {
        let range = leafRange[index]
        if range.lowerBound >> bit == range.upperBound >> bit {
            return range.lowerBound >> bit & 1 == 1 ? Self.ones : Self.zeros
        }
        let node = tree.nodes[index]
        // The side that needs more temporary planes first: then never more than the bits of the number of nodes are in use.
        let (left, right): (UInt16, UInt16)
        if need[Int(node.left)] >= need[Int(node.right)] {
            left = operand(of: bit, under: Int(node.left))
            right = operand(of: bit, under: Int(node.right))
        } else {
            right = operand(of: bit, under: Int(node.right))
            left = operand(of: bit, under: Int(node.left))
        }
        let select = planeOf(Int(node.condition))
        if left == Self.ones, right == Self.zeros { return select }
        if left == right { return left }
        release(left)
        release(right)
        let result = freeTemporaries.removeLast()
        operations.append(cforest_operation(select: select, left: left, right: right, result: result))
        return result
    }

    private mutating func release(_ operand: UInt16) {
        if operand >= lowestTemporary { freeTemporaries.append(operand) }
    }
}
