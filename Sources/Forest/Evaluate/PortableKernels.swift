internal import CForest

/// The block stages without vector instructions of any one processor: the same planes as the functions of `CForest`, four lanes wide.
enum PortableKernels {
    /// A plane of 512 rows.
    private typealias Plane = SIMD8<UInt64>

    private static let planeBytes = 64
    private static let columnPlanes = CFOREST_COLUMN_PLANES
    /// Bytes that an operand counts for.
    private static let operandBytes = planeBytes / CFOREST_OPERAND_STEP

    // MARK: Ranks

    static func bin(
        _ rows: UnsafePointer<Float>, stride: Int, rowCount: Int, columns: [cforest_column], tables: UnsafePointer<Float>,
        into ranks: UnsafeMutablePointer<UInt8>
    ) {
        for column in columns {
            let out = unsafe ranks + Int(column.slot) * columnPlanes * planeBytes
            let tree = unsafe tables + Int(column.tree)
            let levels = Int(column.levels)
            for start in Swift.stride(from: 0, to: rowCount, by: 8) {
                var bytes: UInt64 = 0
                var present: UInt8 = 0
                for row in start..<min(start + 8, rowCount) {
                    let value = unsafe rows[row * stride + Int(column.feature)]
                    let rank = unsafe rank(of: value, in: tree, levels: levels)
                    bytes |= UInt64(rank) << UInt64(8 * (row - start))
                    present |= (value.isNaN ? 0 : 1) << UInt8(row - start)
                }
                bytes = transposed(bytes)
                for bit in 0..<levels { unsafe out[bit * planeBytes + start / 8] = UInt8(truncatingIfNeeded: bytes >> UInt64(8 * bit)) }
                unsafe out[8 * planeBytes + start / 8] = present
            }
        }
    }

    /// How many thresholds of a search tree are at most `value`; 0 for NaN.
    private static func rank(of value: Float, in tree: UnsafePointer<Float>, levels: Int) -> Int {
        var place = 1
        for _ in 0..<levels { place = unsafe 2 * place + (value >= tree[place] ? 1 : 0) }
        return place - 1 << levels
    }

    /// Eight bytes as an 8 × 8 matrix of bits, transposed.
    private static func transposed(_ bits: UInt64) -> UInt64 {
        var bits = bits
        var swapped = (bits ^ (bits >> 7)) & 0x00AA_00AA_00AA_00AA
        bits ^= swapped ^ (swapped << 7)
        swapped = (bits ^ (bits >> 14)) & 0x0000_CCCC_0000_CCCC
        bits ^= swapped ^ (swapped << 14)
        swapped = (bits ^ (bits >> 28)) & 0x0000_0000_F0F0_F0F0
        return bits ^ swapped ^ (swapped << 28)
    }

    // MARK: Planes

    private static func plane(_ memory: UnsafePointer<UInt8>) -> Plane {
        unsafe UnsafeRawPointer(memory).load(as: Plane.self)
    }

    private static func store(_ plane: Plane, _ memory: UnsafeMutablePointer<UInt8>) {
        unsafe UnsafeMutableRawPointer(memory).storeBytes(of: plane, as: Plane.self)
    }

    private static func operand(_ operand: UInt16, _ planes: UnsafeMutablePointer<UInt8>) -> Plane {
        unsafe plane(planes + Int(operand) * operandBytes)
    }

    private static func mux(_ select: Plane, _ left: Plane, _ right: Plane) -> Plane {
        (select & left) | (~select & right)
    }

    static func planes(
        ranks: UnsafeMutablePointer<UInt8>, columns: Span<cforest_column>, runs: [cforest_run], conditions: [UInt8],
        compare: UnsafeMutablePointer<UInt8>, into planes: UnsafeMutablePointer<UInt8>
    ) {
        var out = unsafe planes
        var next = 0
        for run in runs {
            let rank = unsafe ranks + Int(run.column) * columnPlanes * planeBytes
            unsafe prepare(rank, levels: Int(columns[Int(run.column)].levels), missingLeft: run.missing_left != 0, in: compare)
            for index in next..<next + Int(run.count) {
                let (low, high) = (Int(conditions[2 * index]) * operandBytes, Int(conditions[2 * index + 1]) * operandBytes)
                let less = unsafe plane(compare + 16 * planeBytes + high)
                let equal = unsafe plane(compare + 32 * planeBytes + high)
                let atMost = unsafe plane(compare + low)
                unsafe store(less | (equal & atMost), out)
                unsafe out += planeBytes
            }
            next += Int(run.count)
        }
    }

    /// Compares the low four bits of the ranks (`<=`) and the high four (`<`, `==`) with each of 16 numbers.
    private static func prepare(
        _ rank: UnsafeMutablePointer<UInt8>, levels: Int, missingLeft: Bool, in compare: UnsafeMutablePointer<UInt8>
    ) {
        let ones = Plane(repeating: .max)
        func bit(_ index: Int) -> Plane { index < levels ? unsafe plane(rank + index * planeBytes) : Plane() }
        unsafe store(~bit(0), compare)
        unsafe store(ones, compare + planeBytes)
        for index in 1..<4 {
            let absent = ~bit(index)
            for number in 0..<1 << index {
                let atMost = unsafe plane(compare + number * planeBytes)
                unsafe store(absent | atMost, compare + (number + 1 << index) * planeBytes)
                unsafe store(absent & atMost, compare + number * planeBytes)
            }
        }
        let counted = missingLeft ? ones : unsafe plane(rank + 8 * planeBytes)
        var below = Plane()
        for number in 0..<(levels > 4 ? 1 << (levels - 4) : 1) {
            var same = counted
            for index in 0..<4 { same &= number >> index & 1 == 1 ? bit(4 + index) : ~bit(4 + index) }
            unsafe store(below, compare + (16 + number) * planeBytes)
            unsafe store(same, compare + (32 + number) * planeBytes)
            below |= same
        }
    }

    static func operate(_ operations: ArraySlice<cforest_operation>, on planes: UnsafeMutablePointer<UInt8>) {
        for operation in operations {
            let result = unsafe mux(operand(operation.select, planes), operand(operation.left, planes), operand(operation.right, planes))
            unsafe store(result, planes + Int(operation.result) * operandBytes)
        }
    }

    // MARK: Trees

    static func addLevels<Sum: LeafSum>(_ segment: ForestSegment, depth: Int, of plan: ForestPlan<Sum>, on block: BlockMemory<Sum>) {
        let operands = plan.nodes
        let nodes = operands.span
        for tree in 0..<segment.treeCount {
            let first = segment.first + tree * (1 << depth - 1)
            // The least significant bit of the code is the last level's decision.
            var bits = (Plane(), Plane(), Plane(), Plane(), Plane(), Plane(), Plane(), Plane())
            var path = (Plane(), Plane(), Plane(), Plane(), Plane(), Plane())
            for level in 0..<depth {
                let decision = unsafe narrow(
                    nodes.extracting(first + 1 << level - 1..<first + 2 << level - 1), &path, level: level, on: block)
                unsafe withUnsafeMutableBytes(of: &path) {
                    unsafe $0.storeBytes(of: decision, toByteOffset: level * planeBytes, as: Plane.self)
                }
                unsafe withUnsafeMutableBytes(of: &bits) {
                    unsafe $0.storeBytes(of: decision, toByteOffset: (depth - 1 - level) * planeBytes, as: Plane.self)
                }
            }
            unsafe addLeaves(&bits, plan.values, from: segment.values + tree << depth, to: block)
        }
    }

    /// The decision of one level, narrowed by those above, the root's first.
    private static func narrow<Sum: LeafSum>(
        _ nodes: Span<UInt16>, _ path: inout (Plane, Plane, Plane, Plane, Plane, Plane), level: Int, on block: BlockMemory<Sum>
    ) -> Plane {
        guard level > 0 else { return unsafe operand(nodes[0], block.planes) }
        var width = nodes.count / 2
        let root = path.0
        for index in 0..<width {
            let (left, right) = unsafe (operand(nodes[index], block.planes), operand(nodes[index + width], block.planes))
            unsafe store(mux(root, left, right), block.compare + index * planeBytes)
        }
        for step in 1..<max(level, 1) {
            let decision = unsafe withUnsafeBytes(of: &path) { unsafe $0.load(fromByteOffset: step * planeBytes, as: Plane.self) }
            width /= 2
            for index in 0..<width {
                let left = unsafe plane(block.compare + index * planeBytes)
                let right = unsafe plane(block.compare + (index + width) * planeBytes)
                unsafe store(mux(decision, left, right), block.compare + index * planeBytes)
            }
        }
        return unsafe plane(block.compare)
    }

    static func addPrograms<Sum: LeafSum>(_ segment: ForestSegment, of plan: ForestPlan<Sum>, on block: BlockMemory<Sum>) {
        for program in plan.programs[segment.first..<segment.first + segment.treeCount] {
            unsafe operate(plan.operations[Int(program.first)..<Int(program.first + program.count)], on: block.planes)
            let operands = program.bits
            func bit(_ index: Int, _ source: UInt16) -> Plane {
                index < program.bit_count ? unsafe operand(source, block.planes) : Plane()
            }
            var bits = (
                bit(0, operands.0), bit(1, operands.1), bit(2, operands.2), bit(3, operands.3), bit(4, operands.4), bit(5, operands.5),
                bit(6, operands.6), bit(7, operands.7)
            )
            unsafe addLeaves(&bits, plan.values, from: Int(program.values), to: block)
        }
    }

    /// Transposes the bits of a leaf code to one code a row, and adds the leaves that the codes stand for.
    private static func addLeaves<Sum: LeafSum>(
        _ bits: inout (Plane, Plane, Plane, Plane, Plane, Plane, Plane, Plane), _ values: [Sum], from first: Int, to block: BlockMemory<Sum>
    ) {
        unsafe withUnsafeBytes(of: &bits) { planes in
            unsafe values.withUnsafeBufferPointer { values in
                for eight in 0..<(unsafe block.rowCount + 7) / 8 {
                    var codes: UInt64 = 0
                    for bit in 0..<8 { unsafe codes |= UInt64(planes[bit * planeBytes + eight]) << UInt64(8 * bit) }
                    codes = transposed(codes)
                    let sums = unsafe block.sums + 8 * eight
                    for row in 0..<8 {
                        unsafe sums[row] += values[first + Int(truncatingIfNeeded: (codes >> UInt64(8 * row)) & 0xFF)]
                    }
                }
            }
        }
    }
}
