internal import CBench

/// Heap memory of this process.
enum Footprint {
    /// Bytes that `make` leaves allocated, and what it made.
    static func of<Result>(_ make: () throws -> Result) rethrows -> (bytes: Int, result: Result) {
        let before = cbench_heap_bytes()
        let result = try make()
        return (Int(cbench_heap_bytes() - before), result)
    }
}
