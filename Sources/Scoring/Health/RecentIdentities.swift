/// The names of the last outcomes, to know one that is reported again.
struct RecentIdentities {
    /// Names that are remembered at least; twice as many at most.
    static let limit = 1 << 16

    private var young: Set<UInt64> = []
    private var old: Set<UInt64> = []

    /// Whether `identity` is new.
    mutating func insert(_ identity: UInt64) -> Bool {
        guard !old.contains(identity), young.insert(identity).inserted else { return false }
        if young.count == Self.limit {
            old = young
            young = Set(minimumCapacity: Self.limit)
        }
        return true
    }
}
