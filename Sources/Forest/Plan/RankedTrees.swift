/// Trees as nodes that compare ranks, for one row at a time: those too deep for leaf codes and, without AVX-512, all.
///
/// A node is a word: the byte of the ranks that it compares, what that may be at most to go left, and the place of the left child in the tree;
/// the right one follows. A leaf leads to itself, so that trees of different depths can be walked side by side, with the same number of
/// steps and without a branch to predict.
struct RankedTrees<Sum: LeafSum>: Sendable {
    /// Splits from the root to a leaf at most: beyond, a walk that ends at its leaf is the faster way.
    static var depthLimit: Int { 64 }
    /// Trees that are walked side by side.
    static var width: Int { 8 }

    /// Trees side by side: the starts of their nodes, the places of their results among those of all ranked trees, and the steps they need.
    struct Group: Sendable {
        var first = SIMD8<Int32>()
        var tree = SIMD8<Int32>()
        var depth = 0
    }

    private(set) var nodes: [UInt32] = []
    /// For each node its value, where it is a leaf.
    private(set) var values: [Sum] = []
    /// Where the nodes of each tree start, in the order of summation.
    private(set) var first: [Int32] = []
    /// The trees that are too deep for leaf codes, and the others.
    private(set) var deepGroups: [Group] = []
    private(set) var shallowGroups: [Group] = []
    private var depths: [Int] = []

    var count: Int { first.count }

    static func serve(_ tree: DecisionTree<Sum>) -> Bool {
        tree.depth <= depthLimit && tree.nodes.count <= Int(UInt16.max)
    }

    /// - Parameter slot: the byte that a condition compares, and what it may be at most.
    mutating func append(_ tree: DecisionTree<Sum>, slot: (Int) -> (UInt8, UInt8)) {
        let start = nodes.count
        first.append(Int32(start))
        depths.append(tree.depth)
        nodes.append(contentsOf: repeatElement(0, count: tree.nodes.count))
        values.append(contentsOf: repeatElement(0, count: tree.nodes.count))
        // Level by level, so that the first steps stay in few cache lines.
        var order = [0]
        var next = 0
        while next < order.count {
            let node = tree.nodes[order[next]]
            if node.isLeaf {
                nodes[start + next] = UInt32(next) << 16 | 255 << 8
                values[start + next] = node.value
            } else {
                let (byte, limit) = slot(Int(node.condition))
                nodes[start + next] = UInt32(order.count) << 16 | UInt32(limit) << 8 | UInt32(byte)
                order.append(Int(node.left))
                order.append(Int(node.right))
            }
            next += 1
        }
    }

    /// Puts trees of like depth side by side, once all are there.
    mutating func group() {
        shallowGroups = groups { $0 <= ForestSegment.levelLimit }
        deepGroups = groups { $0 > ForestSegment.levelLimit }
    }

    private func groups(isIncluded: (Int) -> Bool) -> [Group] {
        let order = depths.indices.filter { isIncluded(depths[$0]) }.sorted { (depths[$0], $0) < (depths[$1], $1) }
        return stride(from: 0, to: order.count, by: Self.width).map { start in
            var group = Group()
            for lane in 0..<Self.width {
                // The last group repeats a tree in the lanes that are left.
                let tree = order[min(start + lane, order.count - 1)]
                group.first[lane] = first[tree]
                group.tree[lane] = Int32(tree)
                group.depth = max(group.depth, depths[tree])
            }
            return group
        }
    }

    /// The place of the leaf that a row reaches in each tree of the groups.
    ///
    /// - Parameter ranks: 256 bytes.
    @unsafe func walk(_ groups: [Group], _ ranks: UnsafePointer<UInt8>, into places: UnsafeMutablePointer<UInt16>) {
        unsafe nodes.withUnsafeBufferPointer { nodes in
            guard let nodes = nodes.baseAddress else { return }
            @inline(__always) func step(_ tree: UnsafePointer<UInt32>, _ place: inout Int) {
                let node = unsafe tree[place]
                let rank = unsafe ranks[Int(node & 0xFF)]
                place = Int(node >> 16) + (UInt32(rank) > node >> 8 & 0xFF ? 1 : 0)
            }
            for group in groups {
                let (t0, t1) = unsafe (nodes + Int(group.first[0]), nodes + Int(group.first[1]))
                let (t2, t3) = unsafe (nodes + Int(group.first[2]), nodes + Int(group.first[3]))
                let (t4, t5) = unsafe (nodes + Int(group.first[4]), nodes + Int(group.first[5]))
                let (t6, t7) = unsafe (nodes + Int(group.first[6]), nodes + Int(group.first[7]))
                var (p0, p1, p2, p3, p4, p5, p6, p7) = (0, 0, 0, 0, 0, 0, 0, 0)
                for _ in 0..<group.depth {
                    unsafe step(t0, &p0)
                    unsafe step(t1, &p1)
                    unsafe step(t2, &p2)
                    unsafe step(t3, &p3)
                    unsafe step(t4, &p4)
                    unsafe step(t5, &p5)
                    unsafe step(t6, &p6)
                    unsafe step(t7, &p7)
                }
                unsafe places[Int(group.tree[0])] = UInt16(truncatingIfNeeded: p0)
                unsafe places[Int(group.tree[1])] = UInt16(truncatingIfNeeded: p1)
                unsafe places[Int(group.tree[2])] = UInt16(truncatingIfNeeded: p2)
                unsafe places[Int(group.tree[3])] = UInt16(truncatingIfNeeded: p3)
                unsafe places[Int(group.tree[4])] = UInt16(truncatingIfNeeded: p4)
                unsafe places[Int(group.tree[5])] = UInt16(truncatingIfNeeded: p5)
                unsafe places[Int(group.tree[6])] = UInt16(truncatingIfNeeded: p6)
                unsafe places[Int(group.tree[7])] = UInt16(truncatingIfNeeded: p7)
            }
        }
    }
}
