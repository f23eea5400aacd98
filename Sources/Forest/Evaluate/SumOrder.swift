/// Where the sum of each row stands while a block is summed: the vector paths add in the order in which unpacking yields the leaves.
enum SumOrder {
    /// The places of 512 rows, by row.
    static func places(_ path: ForestPath, lanes: Int, byteCount: Int) -> [UInt16] {
        switch (path, lanes, byteCount) {
        case (.avx512, 1, 4): avx512Single1
        case (.avx512, 2, 4): avx512Single2
        case (.avx512, _, 4): avx512Single4
        case (.avx512, 1, _): avx512Double1
        case (.avx512, 2, _): avx512Double2
        case (.avx512, _, _): avx512Double4
        case (.avx2, _, 4): avx2Single
        case (.avx2, _, _): avx2Double
        default: natural
        }
    }

    private static let natural = (0..<512).map { UInt16($0) }
    private static let avx512Single1 = places(lanes: 1, register: 4, perQuarter: 4)
    private static let avx512Single2 = places(lanes: 2, register: 4, perQuarter: 4)
    private static let avx512Single4 = places(lanes: 4, register: 4, perQuarter: 4)
    private static let avx512Double1 = places(lanes: 1, register: 4, perQuarter: 2)
    private static let avx512Double2 = places(lanes: 2, register: 4, perQuarter: 2)
    private static let avx512Double4 = places(lanes: 4, register: 4, perQuarter: 2)
    private static let avx2Single = places(lanes: 2, register: 2, perQuarter: 4)
    private static let avx2Double = places(lanes: 2, register: 2, perQuarter: 2)

    /// - Parameters:
    ///   - lanes: lanes of 16 bytes in a plane as the codes are transposed.
    ///   - register: lanes of 16 bytes in a register of codes.
    ///   - perQuarter: sums in a lane of a register.
    private static func places(lanes: Int, register: Int, perQuarter: Int) -> [UInt16] {
        var places = [UInt16](repeating: 0, count: 512)
        for code in 0..<512 {
            // Transposing takes 16 rows of each lane in turn; a plane's lanes are 128 rows each.
            let (turn, lane, inLane) = (code / (16 * lanes), code / 16 % lanes, code % 16)
            let row = turn / 8 * (128 * lanes) + lane * 128 + turn % 8 * 16 + inLane
            // Unpacking takes `perQuarter` rows of each lane in turn.
            let (group, quarter) = (code / (16 * register), code / 16 % register)
            let (step, element) = (inLane / perQuarter, inLane % perQuarter)
            places[row] = UInt16(16 * register * group + (step * register + quarter) * perQuarter + element)
        }
        return places
    }
}
