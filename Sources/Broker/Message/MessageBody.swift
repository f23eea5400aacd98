/// The bytes of a message: a slice of an arena that stays alive with it.
///
/// Copying it copies no bytes.
package struct MessageBody: Sendable {
    let arena: ByteArena
    let slice: ByteArena.Slice

    init(arena: ByteArena, slice: ByteArena.Slice) {
        self.arena = arena
        self.slice = slice
    }

    /// A body of its own, at most 4 GiB; copies `bytes` once.
    package init(_ bytes: [UInt8]) {
        arena = bytes.withUnsafeBytes { ByteArena(copying: $0) }
        slice = ByteArena.Slice(offset: 0, length: UInt32(bytes.count))
    }

    /// Bytes.
    package var count: Int { Int(slice.length) }

    /// The bytes, valid during `body` only.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(arena) {} }
        return try body(arena[slice])
    }

    /// A copy of the bytes.
    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
