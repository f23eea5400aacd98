import CAMQPShim

/// One block of memory that many message bodies share; freed when the last of them is gone.
///
/// Unchecked: the connection's thread fills `bytes` and `headerSlices` before it hands the first reference over, and
/// nobody writes afterwards.
final class ByteArena: @unchecked Sendable {
    /// A stretch of the arena; nil offset = absent.
    struct Slice {
        static let absent = Slice(offset: .max, length: 0)

        var offset: UInt32
        var length: UInt32

        var isAbsent: Bool { offset == .max }
    }

    private(set) var bytes: UnsafeRawBufferPointer
    /// Wanted headers, `headerNames.count` slices for each delivery.
    var headerSlices: [Slice] = []
    let headerNames: [String]

    private var allocation: UnsafeMutablePointer<UInt8>?

    /// An empty arena, filled by `adopt`.
    init(headerNames: [String] = []) {
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        self.headerNames = headerNames
    }

    /// An arena that holds a copy of `copying`.
    init(copying source: UnsafeRawBufferPointer) {
        headerNames = []
        guard source.count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let memory = camqp_arena_allocate(source.count)
        UnsafeMutableRawBufferPointer(start: memory, count: source.count).copyMemory(from: source)
        bytes = UnsafeRawBufferPointer(start: memory, count: source.count)
        allocation = memory
    }

    /// Takes over what the C shim has allocated.
    func adopt(_ arena: camqp_arena) {
        allocation = arena.bytes
        bytes = UnsafeRawBufferPointer(start: arena.bytes, count: arena.used)
    }

    deinit {
        camqp_arena_free(allocation)
    }

    func text(_ slice: Slice) -> String? {
        guard !slice.isAbsent else { return nil }
        return String(decoding: self[slice], as: UTF8.self)
    }

    subscript(slice: Slice) -> UnsafeRawBufferPointer {
        guard slice.length > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = Int(slice.offset)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(slice.length)])
    }
}
