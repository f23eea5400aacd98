internal import CForest

/// The precision leaves are added in: single for XGBoost, double for LightGBM.
protocol LeafSum: BinaryFloatingPoint, Sendable {
    static var byteCount: Int { get }
    @unsafe static var kernels: LeafKernels<Self> { get }
    /// A byte of the bit pattern, the least significant first.
    func byte(_ index: Int) -> UInt8
}

extension Float: LeafSum {
    static var byteCount: Int { 4 }
    @unsafe static let kernels = unsafe LeafKernels<Float>(
        levels512: cforest_avx512_levels_f32, programs512: cforest_avx512_programs_f32, actions512: cforest_avx512_actions_f32,
        levels2: cforest_avx2_levels_f32, programs2: cforest_avx2_programs_f32)

    func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bitPattern >> UInt32(8 * index)) }
}

extension Double: LeafSum {
    static var byteCount: Int { 8 }
    @unsafe static let kernels = unsafe LeafKernels<Double>(
        levels512: cforest_avx512_levels_f64, programs512: cforest_avx512_programs_f64, actions512: cforest_avx512_actions_f64,
        levels2: cforest_avx2_levels_f64, programs2: cforest_avx2_programs_f64)

    func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bitPattern >> UInt64(8 * index)) }
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

    // MARK: Sums

    /// Adds a segment of complete trees to the sums of a block, by AVX-512 or AVX2.
    @unsafe static func addLevels(
        _ segment: ForestSegment, depth: Int, of plan: ForestPlan<Self>, on block: BlockMemory<Self>, path: ForestPath
    ) {
        unsafe plan.nodes.withUnsafeBufferPointer { nodes in
            unsafe plan.leaves.withUnsafeBufferPointer { leaves in
                guard let nodes = nodes.baseAddress, let leaves = leaves.baseAddress else { return }
                let (add, width) = unsafe path == .avx512 ? (kernels.levels512, block.lanes) : (kernels.levels2, block.rowCount)
                unsafe add(block.planes, width, depth, nodes + segment.first, leaves + segment.leaves, segment.treeCount, block.sums)
            }
        }
    }

    /// Adds a segment of programs to the sums of a block, by AVX-512 or AVX2.
    @unsafe static func addPrograms(_ segment: ForestSegment, of plan: ForestPlan<Self>, on block: BlockMemory<Self>, path: ForestPath) {
        unsafe plan.programs.withUnsafeBufferPointer { programs in
            unsafe plan.operations.withUnsafeBufferPointer { operations in
                unsafe plan.leaves.withUnsafeBufferPointer { leaves in
                    guard let programs = programs.baseAddress, let operations = operations.baseAddress, let leaves = leaves.baseAddress
                    else { return }
                    let (add, width) = unsafe path == .avx512 ? (kernels.programs512, block.lanes) : (kernels.programs2, block.rowCount)
                    unsafe add(block.planes, width, programs + segment.first, segment.treeCount, operations, leaves, block.sums)
                }
            }
        }
    }

    /// Adds all trees to the sums of up to 64 actions of one job, by AVX-512.
    @unsafe static func addActions(
        _ words: ActionWords<Self>, _ rowPlan: RowPlan<Self>, rankCount: Int, _ memory: ActionMemory<Self>
    ) {
        unsafe rowPlan.groups.withUnsafeBufferPointer { groups in
            unsafe rowPlan.nodes.withUnsafeBufferPointer { nodes in
                unsafe words.varying.withUnsafeBufferPointer { varying in
                    unsafe words.leaves.withUnsafeBufferPointer { leaves in
                        guard let groups = groups.baseAddress, let nodes = nodes.baseAddress, let varying = varying.baseAddress,
                            let leaves = leaves.baseAddress
                        else { return }
                        unsafe kernels.actions512(
                            memory.rowRanks, rankCount, groups, words.treeCount, nodes, varying, memory.words, leaves, memory.sums)
                    }
                }
            }
        }
    }
}
