internal import CForest

/// The precision leaves are added in: single for XGBoost, double for LightGBM.
protocol LeafSum: BinaryFloatingPoint, Sendable {
    static var byteCount: Int { get }
    /// A byte of the bit pattern, the least significant first.
    func byte(_ index: Int) -> UInt8
    /// Adds a segment of complete trees to the sums of a block.
    @unsafe static func addLevels(
        _ segment: ForestSegment, depth: Int, of plan: ForestPlan<Self>, on block: BlockMemory<Self>, path: ForestPath)
    /// Adds a segment of programs to the sums of a block.
    @unsafe static func addPrograms(_ segment: ForestSegment, of plan: ForestPlan<Self>, on block: BlockMemory<Self>, path: ForestPath)
    /// Adds all trees to the sums of up to 64 actions of one job, by AVX-512.
    @unsafe static func addActions(
        _ words: ActionWords<Self>, _ rowPlan: RowPlan<Self>, rankCount: Int, _ memory: ActionMemory<Self>)
}

extension LeafSum {
    /// A leaf table, split into the bytes of the leaves, each `codeCount` long.
    static func table(_ values: some RandomAccessCollection<Self>, codeCount: Int) -> [UInt8] {
        var table: [UInt8] = []
        table.reserveCapacity(codeCount * byteCount)
        for byte in 0..<byteCount {
            for value in values { table.append(value.byte(byte)) }
            table.append(contentsOf: repeatElement(0, count: codeCount - values.count))
        }
        return table
    }
}

extension Float: LeafSum {
    static var byteCount: Int { 4 }

    func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bitPattern >> UInt32(8 * index)) }

    @unsafe static func addLevels(
        _ segment: ForestSegment, depth: Int, of plan: ForestPlan<Float>, on block: BlockMemory<Float>, path: ForestPath
    ) {
        unsafe plan.nodes.withUnsafeBufferPointer { nodes in
            unsafe plan.leaves.withUnsafeBufferPointer { leaves in
                guard let nodes = nodes.baseAddress, let leaves = leaves.baseAddress else { return }
                if path == .avx512 {
                    unsafe cforest_avx512_levels_f32(
                        block.planes, block.lanes, depth, nodes + segment.first, leaves + segment.leaves, segment.treeCount, block.sums)
                } else {
                    unsafe cforest_avx2_levels_f32(
                        block.planes, block.rowCount, depth, nodes + segment.first, leaves + segment.leaves, segment.treeCount, block.sums)
                }
            }
        }
    }

    @unsafe static func addActions(
        _ words: ActionWords<Float>, _ rowPlan: RowPlan<Float>, rankCount: Int, _ memory: ActionMemory<Float>
    ) {
        unsafe rowPlan.groups.withUnsafeBufferPointer { groups in
            unsafe rowPlan.nodes.withUnsafeBufferPointer { nodes in
                unsafe words.varying.withUnsafeBufferPointer { varying in
                    unsafe words.leaves.withUnsafeBufferPointer { leaves in
                        guard let groups = groups.baseAddress, let nodes = nodes.baseAddress, let varying = varying.baseAddress,
                            let leaves = leaves.baseAddress
                        else { return }
                        unsafe cforest_avx512_actions_f32(
                            memory.rowRanks, rankCount, groups, words.treeCount, nodes, varying, memory.words, leaves, memory.sums)
                    }
                }
            }
        }
    }

    @unsafe static func addPrograms(
        _ segment: ForestSegment, of plan: ForestPlan<Float>, on block: BlockMemory<Float>, path: ForestPath
    ) {
        unsafe plan.withPrograms { programs, operations, leaves in
            if path == .avx512 {
                unsafe cforest_avx512_programs_f32(
                    block.planes, block.lanes, programs + segment.first, segment.treeCount, operations, leaves, block.sums)
            } else {
                unsafe cforest_avx2_programs_f32(
                    block.planes, block.rowCount, programs + segment.first, segment.treeCount, operations, leaves, block.sums)
            }
        }
    }
}

extension Double: LeafSum {
    static var byteCount: Int { 8 }

    func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bitPattern >> UInt64(8 * index)) }

    @unsafe static func addLevels(
        _ segment: ForestSegment, depth: Int, of plan: ForestPlan<Double>, on block: BlockMemory<Double>, path: ForestPath
    ) {
        unsafe plan.nodes.withUnsafeBufferPointer { nodes in
            unsafe plan.leaves.withUnsafeBufferPointer { leaves in
                guard let nodes = nodes.baseAddress, let leaves = leaves.baseAddress else { return }
                if path == .avx512 {
                    unsafe cforest_avx512_levels_f64(
                        block.planes, block.lanes, depth, nodes + segment.first, leaves + segment.leaves, segment.treeCount, block.sums)
                } else {
                    unsafe cforest_avx2_levels_f64(
                        block.planes, block.rowCount, depth, nodes + segment.first, leaves + segment.leaves, segment.treeCount, block.sums)
                }
            }
        }
    }

    @unsafe static func addActions(
        _ words: ActionWords<Double>, _ rowPlan: RowPlan<Double>, rankCount: Int, _ memory: ActionMemory<Double>
    ) {
        unsafe rowPlan.groups.withUnsafeBufferPointer { groups in
            unsafe rowPlan.nodes.withUnsafeBufferPointer { nodes in
                unsafe words.varying.withUnsafeBufferPointer { varying in
                    unsafe words.leaves.withUnsafeBufferPointer { leaves in
                        guard let groups = groups.baseAddress, let nodes = nodes.baseAddress, let varying = varying.baseAddress,
                            let leaves = leaves.baseAddress
                        else { return }
                        unsafe cforest_avx512_actions_f64(
                            memory.rowRanks, rankCount, groups, words.treeCount, nodes, varying, memory.words, leaves, memory.sums)
                    }
                }
            }
        }
    }

    @unsafe static func addPrograms(
        _ segment: ForestSegment, of plan: ForestPlan<Double>, on block: BlockMemory<Double>, path: ForestPath
    ) {
        unsafe plan.withPrograms { programs, operations, leaves in
            if path == .avx512 {
                unsafe cforest_avx512_programs_f64(
                    block.planes, block.lanes, programs + segment.first, segment.treeCount, operations, leaves, block.sums)
            } else {
                unsafe cforest_avx2_programs_f64(
                    block.planes, block.rowCount, programs + segment.first, segment.treeCount, operations, leaves, block.sums)
            }
        }
    }
}

extension ForestPlan {
    @unsafe fileprivate func withPrograms(
        _ body: (UnsafePointer<cforest_program>, UnsafePointer<cforest_operation>, UnsafePointer<UInt8>) -> Void
    ) {
        unsafe programs.withUnsafeBufferPointer { programs in
            unsafe operations.withUnsafeBufferPointer { operations in
                unsafe leaves.withUnsafeBufferPointer { leaves in
                    guard let programs = programs.baseAddress, let operations = operations.baseAddress, let leaves = leaves.baseAddress
                    else { return }
                    unsafe body(programs, operations, leaves)
                }
            }
        }
    }
}
